import { getServers, promises } from "node:dns";
import { isIP } from "node:net";
import type { LookupFact } from "@portcullis/rego/host";
import { joinHostPort, systemErrorOf } from "./go-error.ts";

/**
 * The addresses of a name, through the system (hosts file, then DNS). An address is its own, as in Go. Errors have the
 * words of Go's resolver, which names the server that it asked.
 */
export async function lookupName(name: string, signal: AbortSignal | undefined): Promise<LookupFact> {
  if (isIP(name) !== 0) return { kind: "addresses", addresses: [name] };
  if (!isDomainName(name)) return { kind: "failed", error: `lookup ${name}: no such host` };
  try {
    const found = await inTime(promises.lookup(name, { all: true, order: "verbatim" }), signal);
    if (found === undefined) return { kind: "failed", error: `lookup ${name}: operation was canceled` };
    return { kind: "addresses", addresses: [...new Set(found.map(({ address }) => address))] };
  } catch (error) {
    const { code } = systemErrorOf(error);
    const [server] = getServers();
    const asked = server === undefined ? "" : ` on ${serverText(server)}`;
    return { kind: "failed", error: `lookup ${name}${asked}: ${reasons.get(code) ?? "server misbehaving"}` };
  }
}

/** The system's question cannot be taken back; its answer is then nobody's. */
async function inTime<T>(asked: Promise<T>, signal: AbortSignal | undefined): Promise<T | undefined> {
  if (signal === undefined) return asked;
  let stop = (): void => undefined;
  const over = new Promise<undefined>((resolve) => {
    stop = (): void => {
      resolve(undefined);
    };
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
  });
  try {
    return await Promise.race([asked, over]);
  } finally {
    signal.removeEventListener("abort", stop);
    // Where the time was over first, nobody hears of a failure any more.
    asked.catch(() => undefined);
  }
}

const reasons: ReadonlyMap<string, string> = new Map([
  ["ENOTFOUND", "no such host"],
  ["ENODATA", "no such host"],
  ["ETIMEOUT", "i/o timeout"],
]);

/** Node leaves port 53 away. */
function serverText(server: string): string {
  if (isIP(server) !== 0) return joinHostPort(server, 53);
  return server;
}

/** Whether a resolver asks anybody about such a name. */
function isDomainName(name: string): boolean {
  const bare = name.endsWith(".") ? name.slice(0, -1) : name;
  if (bare === "" || bare.length > 253) return false;
  return bare
    .split(".")
    .every((label) => label.length <= 63 && /^[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?$/.test(label));
}
