import { getOwn } from "../storage/api-object.ts";
import type { Store } from "../storage/store.ts";
import type { ServiceResolver } from "./call.ts";

/**
 * Finds the loopback port behind a service: what the sandbox was told of it, else the first address of its Endpoints,
 * which must be of this machine, since nothing else runs here.
 */
export function serviceResolver(store: Store, told: ReadonlyMap<string, number>): ServiceResolver {
  return (namespace, name, port) => {
    const known = told.get(`${namespace}/${name}`) ?? told.get(`${namespace}/${name}:${port}`);
    if (known !== undefined) return { ok: true, port: known };
    if (store.get("services", namespace, name) === undefined) {
      return { ok: false, message: `service ${JSON.stringify(name)} not found` };
    }
    const found = endpointPort(store.get("endpoints", namespace, name)?.["subsets"]);
    if (found !== undefined) return { ok: true, port: found };
    return { ok: false, message: `no endpoints available for service ${JSON.stringify(name)}` };
  };
}

function endpointPort(subsets: unknown): number | undefined {
  if (!Array.isArray(subsets)) return undefined;
  for (const subset of subsets) {
    const addresses = getOwn(subset, "addresses");
    const ports = getOwn(subset, "ports");
    const local = Array.isArray(addresses) && addresses.some((each) => String(getOwn(each, "ip")).startsWith("127."));
    const port: unknown = Array.isArray(ports) ? getOwn(ports[0], "port") : undefined;
    if (local && typeof port === "number") return port;
  }
  return undefined;
}
