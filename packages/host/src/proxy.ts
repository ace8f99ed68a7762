import { BlockList, isIP } from "node:net";
import type { Environment } from "./tls-material.ts";
import type { Target } from "./target.ts";

/**
 * The proxy that the environment names for a target: HTTP_PROXY, HTTPS_PROXY and NO_PROXY in capitals or not, read as
 * Go's client reads them. This machine is never asked through one.
 */
export function proxyFor(target: Target, environment: Environment): string | undefined {
  if (target.socket !== undefined) return undefined;
  const name = target.scheme === "https" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const proxy = variable(environment, name);
  // A CGI's HTTP_PROXY is a header of its caller.
  if (proxy === "" || (name === "HTTP_PROXY" && variable(environment, "REQUEST_METHOD") !== "")) return undefined;
  if (isLoopback(target.host) || isExempt(target, variable(environment, "NO_PROXY"))) return undefined;
  return proxy.includes("://") ? proxy : `http://${proxy}`;
}

function variable(environment: Environment, name: string): string {
  return environment[name] ?? environment[name.toLowerCase()] ?? "";
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

function isExempt({ host, port }: Target, list: string): boolean {
  const lower = host.toLowerCase();
  return list
    .split(",")
    .map((item) => item.trim().toLowerCase())
    .some((item) => item !== "" && covers(item, lower, port));
}

function covers(item: string, host: string, port: number): boolean {
  if (item === "*") return true;
  const network = /^([^/]+)\/([0-9]+)$/.exec(item);
  if (network !== null) return isIn(network[1] ?? "", Number(network[2]), host);
  const [, bare = item, itemPort] = /^\[?([^\]]*?)\]?(?::([0-9]+))?$/.exec(item) ?? [];
  if (isIP(item) !== 0) return item === host;
  if (itemPort !== undefined && Number(itemPort) !== port) return false;
  if (isIP(bare) !== 0) return bare === host;
  const suffix = bare.replace(/^\*?\./, "");
  if (bare !== suffix) return host.endsWith(`.${suffix}`);
  return host === suffix || host.endsWith(`.${suffix}`);
}

function isIn(address: string, prefix: number, host: string): boolean {
  const [family, hostFamily] = [isIP(address), isIP(host)];
  if (family === 0 || family !== hostFamily || prefix > (family === 4 ? 32 : 128)) return false;
  const type = family === 4 ? "ipv4" : "ipv6";
  const networks = new BlockList();
  networks.addSubnet(address, prefix, type);
  return networks.check(host, type);
}
