/** Types as OPA prints them: `array<string, number>[any]`, `object<a: string>[string: any]`, `set[any]`. */
import { argumentNames } from "./argument-names-data.ts";
import { type Known, keyText } from "./type-algebra.ts";
import type { Type } from "./type.ts";

type FunctionType = Type & { readonly kind: "function" };

/** A kind with its members and what else may be in it: `array<string>[any]`. */
export function bracketed(name: string, members: readonly string[], rest: string | undefined): string {
  return `${name}${members.length === 0 ? "" : `<${members.join(", ")}>`}${rest === undefined ? "" : `[${rest}]`}`;
}

/** What a builtin calls its arguments and, last, its result; empty where it has no name for one. */
export function argumentLabels(type: FunctionType, builtin: string): readonly string[] {
  const [names = "", result = ""] = (argumentNames.get(builtin) ?? "").split(" => ");
  const labels = names.split(" ");
  return [...type.args.map((_, index) => labels[index] ?? ""), result];
}

/** A type with the name of what is of it. */
export function labelled(label: string | undefined, text: string): string {
  return label === undefined || label === "" ? text : `${label}: ${text}`;
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
    case "function": {
      const args = type.args.map(typeText);
      if (type.variadic !== undefined) args.push(`${typeText(type.variadic)}...`);
      return `(${args.join(", ")}) => ${typeText(type.result)}`;
    }
  }
}
