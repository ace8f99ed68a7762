import type { BuiltinFunction } from "./builtin.ts";

/** Builtins by name that share a file. They throw `BuiltinFailure` where they have no answer. */
export type Family = ReadonlyMap<string, BuiltinFunction>;
