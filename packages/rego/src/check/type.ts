/** What the checker knows of a value before it exists. After OPA's `types` package. */
export type Type =
  | { readonly kind: "any"; readonly of: readonly Type[] }
  | { readonly kind: "null" | "boolean" | "number" | "string" }
  | { readonly kind: "array"; readonly items: readonly Type[]; readonly rest?: Type }
  | {
      readonly kind: "object";
      readonly properties: readonly { readonly key: unknown; readonly value: Type }[];
      readonly rest?: { readonly key: Type; readonly value: Type };
    }
  | { readonly kind: "set"; readonly of: Type }
  | {
      readonly kind: "function";
      readonly args: readonly Type[];
      readonly variadic?: Type;
      readonly result?: Type;
    };
