import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { clientCalls, type Verb } from "./client-calls.ts";
import { rulesFor } from "./rules.ts";

const source = join(import.meta.dirname, "..");

/** The verbs that a method of the client needs. */
const verbsOf: Readonly<Record<string, readonly Verb[]>> = {
  get: ["get"],
  list: ["list"],
  create: ["create"],
  replace: ["update"],
  apply: ["patch"],
  patch: ["patch"],
  delete: ["delete"],
};

/** Files whose calls are made only where the chart is not: the sandbox, and tests. */
const outsideOfTheChart = ["install.ts"];

function verbsIn(file: string): ReadonlySet<Verb> {
  const text = readFileSync(join(source, file), "utf8").replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
  const found = new Set<Verb>();
  for (const match of text.matchAll(/\bclient\.(\w+)\(/g)) {
    for (const verb of verbsOf[match[1] ?? ""] ?? []) found.add(verb);
  }
  if (/new Informer\(/.test(text)) for (const verb of ["list", "watch"] as const) found.add(verb);
  if (/new LeaseHolder\(/.test(text)) for (const verb of ["get", "create", "update"] as const) found.add(verb);
  return found;
}

test("the table has the verbs that each file uses, and no other", () => {
  const files = globSync("**/*.ts", { cwd: source }).filter((file) => !file.endsWith(".spec.ts"));
  let seen = 0;
  for (const file of files) {
    if (outsideOfTheChart.includes(file)) continue;
    const used = verbsIn(file);
    seen += used.size;
    const calls = clientCalls.filter((call) => call.file === file && !call.resource.endsWith("/finalizers"));
    const listed = new Set(calls.flatMap((call) => call.verbs));
    assert.deepEqual([...listed].toSorted(), [...used].toSorted(), `${file}: rbac/client-calls.ts is stale`);
  }
  assert.ok(seen > 20, `only ${seen} verbs were found in the sources`);
  for (const { file } of clientCalls) assert.ok(files.includes(file), `${file} is in the table and not there`);
});

test("rules bring together what has the same verbs, and take in every call", () => {
  for (const reach of ["cluster", "own-namespace"] as const) {
    const rules = rulesFor(reach);
    const granted = (call: (typeof clientCalls)[number], verb: Verb): boolean =>
      rules.some(
        (rule) =>
          rule.apiGroups.includes(call.group) &&
          rule.resources.includes(call.resource) &&
          rule.verbs.includes(verb) &&
          rule.names === call.names &&
          rule.only === call.only,
      );
    const calls = clientCalls.filter((call) => call.reach === reach);
    for (const call of calls) for (const verb of call.verbs) assert.ok(granted(call, verb), `${call.resource} ${verb}`);
    const count = rules.reduce((sum, rule) => sum + rule.resources.length * rule.verbs.length, 0);
    const wanted = new Set(
      calls.flatMap((call) =>
        call.verbs.map((verb) => [call.group, call.resource, verb, call.names, call.only].join()),
      ),
    );
    assert.equal(count, wanted.size);
  }
});

test("nothing is granted by a wildcard but reading for the inventory and the constraints", () => {
  const wild = [...rulesFor("cluster"), ...rulesFor("own-namespace")].filter(
    (rule) =>
      rule.resources.includes("*") || rule.apiGroups.includes("*") || rule.verbs.some((verb) => verb.includes("*")),
  );
  assert.deepEqual(
    wild.map(({ apiGroups, verbs, only }) => [apiGroups.join(), verbs.join(), only ?? ""]),
    [
      ["constraints.gatekeeper.sh", "get,list,watch", ""],
      ["*", "list,watch", "inventory"],
    ],
  );
});
