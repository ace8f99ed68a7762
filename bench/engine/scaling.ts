/** What must not grow with the number of rules, of objects, or of characters. */
import { compile, formatDiagnostics, Store, type Policy, type Value } from "@portcullis/rego";
import { timeCall, warmUp } from "../measure.ts";
import type { Runner } from "./race.ts";

async function policyFor(text: string, query: string): Promise<Policy> {
  const compiled = await compile({ modules: [{ name: "bench.rego", text }], entrypoints: { main: query } });
  if (!compiled.ok) throw new Error(formatDiagnostics(compiled.diagnostics));
  return compiled.value;
}

function runner(name: string, call: () => unknown, calls = 200_000): Runner {
  warmUp(call, calls);
  return { name, run: () => timeCall(call, 100) };
}

/** Rules that differ in one constant. */
export async function manyRules(head: string, count: number): Promise<Runner> {
  const bodies = Array.from(
    { length: count },
    (_, at) => `${head} if { input.method == "m${at}"; input.user == "u${at}" }`,
  );
  const name = head.split(" ")[0] ?? "";
  const policy = await policyFor(`package bench\n${bodies.join("\n")}\n`, `data.bench.${name}`);
  const input = { method: `m${count - 1}`, user: `u${count - 1}` };
  return runner(`portcullis, ${count}`, () => policy.value("main", { input }));
}

const ingress = `package bench
violation contains name if {
  host := input.host
  some ns, name
  other := data.inventory.namespace[ns]["networking/v1"].Ingress[name]
  other.spec.host == host
  not same(other)
}
same(other) if { other.metadata.name == input.name }
`;

/** A referential rule with an equality on a bound value. */
export async function inventory(count: number): Promise<Runner> {
  const policy = await policyFor(ingress, "data.bench.violation");
  const data = new Store();
  for (let at = 0; at < count; at += 1) {
    const name = `ingress-${at}`;
    const object: Value = { metadata: { name, namespace: `ns${at % 10}` }, spec: { host: `host-${at}.example.com` } };
    data.put(["inventory", "namespace", `ns${at % 10}`, "networking/v1", "Ingress", name], object);
  }
  const input = { host: "host-3.example.com", name: "new" };
  return runner(`portcullis, ${count}`, () => policy.value("main", { input, data }));
}

/** A pattern that makes backtracking matchers explode. */
export async function pattern(length: number): Promise<Runner> {
  const policy = await policyFor(`package bench\np if regex.match("(a+)+$", input)\n`, "data.bench.p");
  const input = `${"a".repeat(length)}!`;
  return runner(`portcullis, ${length}`, () => policy.value("main", { input }), 300);
}
