import { lookup } from "node:dns/promises";
import type { Value } from "@portcullis/rego";
import { field } from "./json-file.ts";

/** What the outside answers to a need, as far as the suite asks for it: names of this machine only. */
export async function fetchNeed(need: Value): Promise<Value> {
  const kind = field(need, "kind");
  if (kind === "net.lookup_ip_addr") {
    const name = field(need, "name");
    try {
      const found = await lookup(String(name), { all: true });
      return found.map((entry) => entry.address);
    } catch (cause) {
      return { error: String(cause) };
    }
  }
  return { error: `the conformance runner does not fetch ${String(kind)}` };
}
