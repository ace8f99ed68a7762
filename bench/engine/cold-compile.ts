/** Compiles templates in a fresh process: `node … FILE`, with the templates as JSON. Prints what it took; run by the bench. */
import { readFileSync } from "node:fs";
import { compile, type Policy } from "@portcullis/rego";

interface Template {
  readonly modules: readonly string[];
  readonly query: string;
}

// as: the bench has written it
const templates = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as readonly Template[];
const policies: Policy[] = [];
const begin = performance.now();
const before = process.threadCpuUsage();
for (const { modules, query } of templates) {
  const compiled = await compile({
    modules: modules.map((text, index) => ({ name: `m${index}.rego`, text, version: "v0" })),
    entrypoints: { violation: query },
  });
  if (!compiled.ok) throw new Error("a template does not compile");
  policies.push(compiled.value);
}
const milliseconds = performance.now() - begin;
const { user, system } = process.threadCpuUsage(before);
const mebibytes = process.memoryUsage.rss() / 2 ** 20;
process.stdout.write(JSON.stringify({ milliseconds, cpu: (user + system) / 1e3, mebibytes, count: policies.length }));
