/** 10 and 1,000 rules that differ in one constant, and referential rules over 10 and 10,000 objects of base data. */
import { compile, formatDiagnostics, Store, type PlainObject, type Policy, type Value } from "@portcullis/rego";
import { formatTime, timeCall } from "./measure.ts";

async function policyOf(text: string, query: string): Promise<Policy> {
  const compiled = await compile({ modules: [{ name: "bench.rego", text }], entrypoints: { main: query } });
  if (!compiled.ok) throw new Error(formatDiagnostics(compiled.diagnostics));
  if (process.argv.includes("--code")) process.stdout.write(compiled.value.code.slice(0, 6000));
  return compiled.value;
}

function rules(count: number, head: string): string {
  const bodies = Array.from(
    { length: count },
    (_, at) => `${head} if { input.method == "m${at}"; input.user == "u${at}" }`,
  );
  return `package bench\n${bodies.join("\n")}\n`;
}

for (const head of ["allow", "deny contains input.user", "level := 1"]) {
  for (const count of [10, 1000]) {
    const name = head.split(" ")[0] ?? "";
    const before = performance.now();
    const policy = await policyOf(rules(count, head), `data.bench.${name}`);
    const compiling = performance.now() - before;
    for (const at of [0, count - 1, count]) {
      const input = { method: `m${at}`, user: `u${at}` };
      timeCall(() => policy.value("main", { input }), 200);
      const time = timeCall(() => policy.value("main", { input }));
      process.stdout.write(
        `${head}, ${count} rules, at ${at}: ${formatTime(time)} (compile ${compiling.toFixed(0)} ms)\n`,
      );
    }
  }
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
for (const count of [10, 10_000]) {
  const policy = await policyOf(ingress, "data.bench.violation");
  const data = new Store();
  for (let at = 0; at < count; at += 1) {
    const name = `ingress-${at}`;
    const object: Value = { metadata: { name, namespace: `ns${at % 10}` }, spec: { host: `host-${at}.example.com` } };
    data.put(["inventory", "namespace", `ns${at % 10}`, "networking/v1", "Ingress", name], object);
  }
  const input: PlainObject = { host: "host-3.example.com", name: "new" };
  timeCall(() => policy.value("main", { input, data }), 200);
  process.stdout.write(`inventory of ${count}: ${formatTime(timeCall(() => policy.value("main", { input, data })))}\n`);
}
