import { isIP } from "node:net";
import { listAt, numberAt, ownFields, textAt, textsAt } from "./fields-at.ts";
import type { KindContext } from "./kind.ts";
import type { ApiObject, Draft, Fields } from "../storage/api-object.ts";
import type { Store } from "../storage/store.ts";

/** Gives a Service its cluster IP and its node ports; on update it keeps those it has. */
export function giveAddresses(draft: Draft, context: KindContext, old?: ApiObject): void {
  const spec = ownFields(draft, "spec");
  const type = textAt(spec, "type") || "ClusterIP";
  if (type === "ExternalName") {
    for (const field of ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"]) {
      if (old !== undefined || spec[field] === "") delete spec[field];
    }
    return;
  }
  const kept = textAt(old, "spec", "clusterIP");
  if (textAt(spec, "clusterIP") === "") {
    spec["clusterIP"] = textsAt(spec, "clusterIPs")[0] ?? (kept === "" ? freeAddress(context.store) : kept);
  }
  const address = textAt(spec, "clusterIP");
  if (textsAt(spec, "clusterIPs").length === 0) spec["clusterIPs"] = [address];
  spec["ipFamilies"] ??= [isIP(address) === 6 ? "IPv6" : "IPv4"];
  spec["ipFamilyPolicy"] ??= "SingleStack";
  if (type === "ClusterIP") dropNodePorts(spec, old);
  else giveNodePorts(spec, context.store, old);
}

/** A Service that is no longer open on its node loses the ports it was given there. */
function dropNodePorts(spec: Fields, old: ApiObject | undefined): void {
  const given = new Set(listAt(old, "spec", "ports").map((port) => numberAt(port, "nodePort")));
  for (const port of listAt(spec, "ports")) {
    if (old !== undefined && given.has(numberAt(port, "nodePort"))) delete port["nodePort"];
  }
}

function giveNodePorts(spec: Fields, store: Store, old: ApiObject | undefined): void {
  const taken = new Set(
    store
      .list("services")
      .items.flatMap((service) => listAt(service, "spec", "ports").map((port) => numberAt(port, "nodePort") ?? 0)),
  );
  for (const port of listAt(spec, "ports")) {
    if ((numberAt(port, "nodePort") ?? 0) !== 0) continue;
    const before = listAt(old, "spec", "ports").find((each) => each["port"] === port["port"]);
    let free = numberAt(before, "nodePort") ?? 30_000;
    while (before?.["nodePort"] === undefined && taken.has(free)) free += 1;
    taken.add(free);
    port["nodePort"] = free;
  }
}

/** The first address of 10.96.0.0/16 that no Service has; .0.1 belongs to the API server's own. */
function freeAddress(store: Store): string {
  const taken = new Set(store.list("services").items.flatMap((service) => textsAt(service, "spec", "clusterIPs")));
  let host = 2;
  while (taken.has(`10.96.${host >> 8}.${host & 255}`)) host += 1;
  return `10.96.${host >> 8}.${host & 255}`;
}
