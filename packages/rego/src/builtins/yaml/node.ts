import type { Mark } from "./cursor.ts";

/** A node of a document as it is written. */
export type YAMLNode =
  | {
      readonly kind: "scalar";
      readonly value: string;
      /** Whether it has neither quotes nor a block. */
      readonly plain: boolean;
      /** The tag that is written; empty where there is none. */
      readonly tag: string;
      readonly start: Mark;
    }
  | { readonly kind: "sequence"; readonly items: YAMLNode[]; readonly start: Mark }
  | { readonly kind: "mapping"; readonly entries: (readonly [key: YAMLNode, value: YAMLNode])[]; readonly start: Mark }
  | { readonly kind: "alias"; readonly name: string; readonly target: YAMLNode; readonly start: Mark };
