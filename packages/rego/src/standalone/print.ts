/** A policy as the module that a bundler starts from. */
import type { Emitted } from "../emit/module.ts";
import type { PlainObject } from "../runtime/value.ts";
import { writeJSON } from "../runtime/json-writer.ts";
import { positionAt } from "../source.ts";
import * as families from "./families.ts";

/** Prints a policy. `door` is where it imports the runtime from: `@portcullis/rego/standalone`. */
export function printStandalone(emitted: Emitted, door: string, data: PlainObject | undefined): string {
  const used = new Map<string, readonly string[]>();
  const builtins = emitted.builtins.map(([name, identifier]) => {
    const [family, isLazy] = familyOf(name);
    used.set(family, [`${family} as family_${family}`]);
    const from = `family_${family}${isLazy ? "()" : ""}`;
    return `const ${identifier} = guard(${JSON.stringify(name)}, ${from}.get(${JSON.stringify(name)}));`;
  });
  const names = [...emitted.runtime, ...[...used.values()].flat(), ...(builtins.length === 0 ? [] : ["guard"])];
  return [
    `import { ${[...names, "standalone"].join(", ")} } from ${JSON.stringify(door)};`,
    "",
    ...builtins,
    emitted.text,
    `export const { entries, evaluate, decide } = standalone(policy, ${describe(emitted, data)});`,
    "export default decide;",
    "",
  ].join("\n");
}

/** The family that has a builtin, and whether it has to be made first. */
function familyOf(builtin: string): readonly [name: string, isLazy: boolean] {
  for (const [name, family] of Object.entries(families)) {
    const isLazy = typeof family === "function";
    if ((isLazy ? family() : family).has(builtin)) return [name, isLazy];
  }
  throw new Error(`no family has ${builtin}`);
}

function describe({ variables, slots, spans }: Emitted, data: PlainObject | undefined): string {
  const sources = [...new Set(spans.map(({ source }) => source.name))];
  const places = spans.map(({ source, start }) => {
    const { row, column } = positionAt(source, start);
    return [sources.indexOf(source.name), row, column];
  });
  const description = {
    variables: Object.fromEntries(variables),
    slots: Object.fromEntries([...slots].map(([slot, reads]) => [slot, reads === undefined ? null : [...reads]])),
    sources,
    places,
  };
  const text = harmless(JSON.stringify(description));
  return data === undefined ? text : `${text.slice(0, -1)},"data":${harmless(writeJSON(data))}}`;
}

/** JSON is JavaScript but for two line ends, and for what ends a script element; `__proto__` would be no key. */
function harmless(json: string): string {
  return json
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029")
    .replaceAll(/<(?=[/!])/g, "\\u003c")
    .replaceAll('"__proto__":', '["__proto__"]:');
}
