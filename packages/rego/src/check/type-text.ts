/** Types as OPA prints them: `array<string, number>[any]`, `object<a: string>[string: any]`, `set[any]`. */
import { type Known, keyText } from "./type-algebra.ts";
import type { Type } from "./type.ts";

function bracketed(name: string, members: readonly string[], rest: string | undefined): string {
  return `${name}${members.length === 0 ? "" : `<${members.join(", ")}>`}${rest === undefined ? "" : `[${rest}]`}`;
}

/** The arguments that a function takes. */
export function argumentsText(type: Type & { readonly kind: "function" }, result: boolean): string {
  const args = type.args.map(typeText);
  if (result && type.result !== undefined) args.push(typeText(type.result));
  if (type.variadic !== undefined) args.push(`${typeText(type.variadic)}...`);
  return `(${args.join(", ")})`;
}

/** A type; `???` where it is not known. */
export function typeText(type: Known): string {
  switch (type?.kind) {
    case undefined:
      return "???";
    case "null":
    case "boolean":
    case "number":
    case "string":
      return type.kind;
    case "any":
      return bracketed("any", type.of.map(typeText), undefined);
    case "array":
      return bracketed("array", type.items.map(typeText), type.rest === undefined ? undefined : typeText(type.rest));
    case "object": {
      const properties = type.properties.map(({ key, value }) => `${keyText(key)}: ${typeText(value)}`);
      const rest = type.rest === undefined ? undefined : `${typeText(type.rest.key)}: ${typeText(type.rest.value)}`;
      return bracketed("object", properties, rest);
    }
    case "set":
      return bracketed("set", [], type.of === undefined ? undefined : typeText(type.of));
    case "function":
      return `${argumentsText(type, false)} => ${typeText(type.result)}`;
  }
}
