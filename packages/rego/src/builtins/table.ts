import type { Builtin, BuiltinFunction, BuiltinSignature } from "./builtin.ts";
import { guard } from "./failure.ts";
import { families } from "./families.ts";
import { builtinSignatures } from "./signatures-data.ts";

/** A builtin that has a signature and no function: not written yet, or always compiled away. */
export interface SignatureOnly {
  readonly state: "missing" | "compiled";
  readonly signature: BuiltinSignature;
}

/** An entry of the table. */
export type TableEntry = Builtin | SignatureOnly;

/** Whether a builtin has a function to call. */
export function isCallable(entry: TableEntry): entry is Builtin {
  return "load" in entry;
}

/** What the compiler itself puts something else in the place of. */
const compiled: ReadonlySet<string> = new Set(["assign", "eq", "print"]);

/** Those that need the evaluation for their answer, though OPA calls them deterministic. */
const impure: ReadonlySet<string> = new Set([
  "rego.metadata.chain",
  "rego.metadata.rule",
  "trace",
  "internal.print",
  "internal.test_case",
  "walk",
]);

/** Every builtin of OPA 1.22 by name. */
export const builtins: ReadonlyMap<string, TableEntry> = new Map(
  builtinSignatures.map((signature) => [signature.name, entryOf(signature)]),
);

function entryOf(signature: BuiltinSignature): TableEntry {
  const { name } = signature;
  const load = families.get(name);
  if (load === undefined) return { state: compiled.has(name) ? "compiled" : "missing", signature };
  return {
    signature,
    pure: signature.nondeterministic !== true && !impure.has(name),
    load: () => {
      const family = load();
      if (!(family instanceof Promise)) return functionOf(name, family);
      return family.then((loaded) => functionOf(name, loaded));
    },
  };
}

function functionOf(name: string, family: ReadonlyMap<string, BuiltinFunction>): BuiltinFunction {
  const implementation = family.get(name);
  if (implementation === undefined) throw new Error(`the family of ${name} does not have it`);
  return guard(name, implementation);
}
