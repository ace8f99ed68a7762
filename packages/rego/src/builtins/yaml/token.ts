import type { Mark } from "./cursor.ts";

/** What a text of YAML is made of. Ends of blocks, and beginnings, are there by indentation. */
export type Token = { readonly start: Mark; readonly end: Mark } & (
  | {
      readonly kind:
        | "stream start"
        | "stream end"
        | "document start"
        | "document end"
        | "block sequence start"
        | "block mapping start"
        | "block end"
        | "flow sequence start"
        | "flow sequence end"
        | "flow mapping start"
        | "flow mapping end"
        | "block entry"
        | "flow entry"
        | "key"
        | "value";
    }
  | { readonly kind: "version"; readonly major: number; readonly minor: number }
  | { readonly kind: "tag directive"; readonly handle: string; readonly prefix: string }
  | { readonly kind: "alias" | "anchor"; readonly name: string }
  | { readonly kind: "tag"; readonly handle: string; readonly suffix: string }
  | { readonly kind: "scalar"; readonly value: string; readonly plain: boolean }
);
