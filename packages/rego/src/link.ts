/** Text → Policy. The only place in the repository that turns text into code. */
import type { BuiltinFunction } from "./builtins/builtin.ts";
import type { Emitted } from "./emit/module.ts";
import type { Context } from "./runtime/context.ts";
import type { Memo } from "./runtime/memo.ts";
import * as runtime from "./runtime/emitted.ts";
import type { Value } from "./runtime/value.ts";

/** What a generated module gives away. */
export interface Linked {
  readonly newMemo: () => Memo;
  readonly entries: readonly LinkedEntry[];
}

/** A query of a generated module. */
export interface LinkedEntry {
  readonly name: string;
  /** All solutions, each the values of the query's variables in order. */
  solve(context: Context): readonly (readonly Value[])[];
  /** The document that the query names, where it is one ref without variables. */
  read?(context: Context): Value | undefined;
}

/** Where the generated text begins and ends in what is linked. */
const [begin, end] = ["// begin\n", "\nreturn policy;\n"];

/** Links generated text to the runtime and to the builtins that it calls; answers how to get at the text again. */
export function link(
  emitted: Emitted,
  builtins: ReadonlyMap<string, BuiltinFunction>,
  name: string,
): { readonly linked: Linked; readonly text: () => string } {
  const functions = emitted.builtins.map(([builtin]) => {
    const found = builtins.get(builtin);
    if (found === undefined) throw new Error(`the builtin ${builtin} has not been loaded`);
    return found;
  });
  const runtimeNames = `const { ${emitted.runtime.join(", ")} } = runtime;`;
  const builtinNames = `const [${emitted.builtins.map(([, identifier]) => identifier).join(", ")}] = builtins;`;
  const body = `"use strict";\n${runtimeNames}\n${builtinNames}\n${begin}${emitted.text}${end}${sourceUrl(name)}\n`;
  // as: the emitter ends every text with a policy of this shape
  const make = new Function("runtime", "builtins", body) as (
    runtime: unknown,
    builtins: readonly BuiltinFunction[],
  ) => Linked;
  const text = (): string => {
    const whole = make.toString();
    return whole.slice(whole.indexOf(begin) + begin.length, whole.lastIndexOf(end));
  };
  return { linked: make(runtime, functions), text };
}

/** The same text as an ES module that stands by itself but for its imports. */
export function printModule(emitted: Emitted): string {
  const imports = [`import { ${emitted.runtime.join(", ")} } from "@portcullis/rego/runtime";`];
  for (const [builtin, identifier] of emitted.builtins) {
    imports.push(`const ${identifier} = builtin(${JSON.stringify(builtin)});`);
  }
  if (emitted.builtins.length > 0) imports.unshift(`import { builtin } from "@portcullis/rego/builtins";`);
  return `${imports.join("\n")}\n\n${emitted.text}\nexport { policy };\n`;
}

/** Where debuggers and stack traces say that the code is from. */
function sourceUrl(name: string): string {
  return `//# sourceURL=rego:///${encodeURIComponent(name.toWellFormed())}.js`;
}
