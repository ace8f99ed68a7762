import type { Value } from "../../runtime/value.ts";
import { BuiltinFailure } from "../failure.ts";
import { readYAML } from "./read.ts";

/** The YAML of a file as a value, or what Go's library says is wrong with it. */
export function readYAMLDocument(text: string): { readonly value: Value } | { readonly error: string } {
  try {
    return { value: readYAML({ charge: () => {} }, text) };
  } catch (failure) {
    if (failure instanceof BuiltinFailure) return { error: failure.message };
    // The stack is what limits the depth.
    if (failure instanceof RangeError) return { error: "yaml: exceeded max depth" };
    throw failure;
  }
}
