/**
 * What the checker knows of a value before it exists. After OPA's `types` package. `any` of nothing is every value;
 * `undefined` in place of a type means that nothing is known yet (the element of an empty set, an item made from an
 * undefined call), and readers treat it as `any`.
 */
export type Type =
  | { readonly kind: "any"; readonly of: readonly Type[] }
  | { readonly kind: "null" | "boolean" | "number" | "string" }
  | {
      readonly kind: "array";
      readonly items: readonly (Type | undefined)[];
      readonly rest?: Type | undefined;
    }
  | {
      readonly kind: "object";
      /** Sorted by key. A key is a constant as JSON data: string, number, boolean, null, array or object. */
      readonly properties: readonly Property[];
      readonly rest?: { readonly key: Type | undefined; readonly value: Type | undefined } | undefined;
    }
  | { readonly kind: "set"; readonly of?: Type | undefined }
  | {
      readonly kind: "function";
      readonly args: readonly (Type | undefined)[];
      readonly variadic?: Type | undefined;
      readonly result?: Type | undefined;
    };

/** One known key of an object type. */
export interface Property {
  readonly key: unknown;
  readonly value: Type | undefined;
}
