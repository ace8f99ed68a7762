/** Go's fmt over the values of templates. */
import { type Argument, type Flags, formatArgument, noFlags } from "../sprintf-verbs.ts";
import type { Showing } from "../sprintf.ts";
import { type Concrete, entryOf, type GoValue, itemsOf, keysOf, typeName, unboxed } from "./go-value.ts";

/** A value as printing it shows it. */
export function printed(value: GoValue): string {
  return formatValue(value, "v", noFlags);
}

/** How `printf` shows values. */
export const showing: Showing<GoValue> = {
  format: formatValue,
  extra: (value) => {
    const concrete = unboxed(value);
    return concrete.kind === "invalid" ? "<nil>" : `${typeName(concrete)}=${printed(concrete)}`;
  },
  integer: (value) => {
    const concrete = unboxed(value);
    return concrete.kind === "int" || concrete.kind === "uint8" ? concrete.value : undefined;
  },
};

/** A value under a verb. */
export function formatValue(value: GoValue, verb: string, flags: Flags): string {
  const concrete = unboxed(value);
  if (concrete.kind === "invalid") return verb === "v" || verb === "T" ? padded("<nil>", flags) : `%!${verb}(<nil>)`;
  if (verb === "T") return formatArgument({ kind: "string", value: typeName(concrete) }, "s", flags);
  return formatConcrete(concrete, verb, flags);
}

function padded(text: string, flags: Flags): string {
  return formatArgument({ kind: "string", value: text }, "s", { ...flags, precision: undefined });
}

function badVerb(value: Concrete, verb: string, flags: Flags): string {
  return `%!${verb}(${typeName(value)}=${formatConcrete(value, "v", flags)})`;
}

const stringVerbs = "vsxXq";
const integerVerbs = "vdboOxXcqU";
const floatVerbs = "vbgGxXfFeE";

function formatConcrete(value: Concrete, verb: string, flags: Flags): string {
  switch (value.kind) {
    case "bool":
      return verb === "v" || verb === "t" ? padded(String(value.value), flags) : badVerb(value, verb, flags);
    case "string":
    case "json.Number":
      if (!stringVerbs.includes(verb)) return badVerb(value, verb, flags);
      return formatArgument({ kind: "string", value: value.value }, verb, flags);
    case "int":
    case "uint8":
      return formatInteger(value, verb, flags);
    case "float64":
      return formatArgument(value, verb, flags);
    case "complex128":
      return formatComplex(value, verb, flags);
    case "list": {
      const items = itemsOf(value).map((item) => formatItem(item, verb, flags));
      return flags.sharpV && verb === "v" ? `[]interface {}{${items.join(", ")}}` : `[${items.join(" ")}]`;
    }
    case "map": {
      const entries = keysOf(value.value).map((key) => {
        const shown = formatConcrete({ kind: "string", value: key }, verb, flags);
        return `${shown}:${formatItem(entryOf(value.value, key) ?? { kind: "invalid" }, verb, flags)}`;
      });
      const isSyntax = flags.sharpV && verb === "v";
      return isSyntax ? `map[string]interface {}{${entries.join(", ")}}` : `map[${entries.join(" ")}]`;
    }
  }
}

/** An item of a list or map; nil is shown the same under every verb. */
function formatItem(item: GoValue, verb: string, flags: Flags): string {
  const concrete = unboxed(item);
  if (concrete.kind !== "invalid") return formatConcrete(concrete, verb, flags);
  return flags.sharpV && verb === "v" ? "interface {}(nil)" : "<nil>";
}

function formatInteger(
  value: Concrete & { readonly kind: "int" | "uint8"; readonly value: bigint },
  verb: string,
  flags: Flags,
): string {
  if (!integerVerbs.includes(verb)) return badVerb(value, verb, flags);
  const argument: Argument = { kind: "int64", value: value.value };
  if (value.kind === "uint8" && verb === "v" && flags.sharpV) {
    return formatArgument(argument, "x", { ...flags, sharp: true, sharpV: false });
  }
  return formatArgument(argument, verb, flags);
}

function formatComplex(value: Concrete & { readonly kind: "complex128" }, verb: string, flags: Flags): string {
  if (!floatVerbs.includes(verb)) return badVerb(value, verb, flags);
  const real = formatArgument({ kind: "float64", value: value.real }, verb, flags);
  const imaginary = formatArgument({ kind: "float64", value: value.imaginary }, verb, { ...flags, plus: true });
  return `(${real}${imaginary}i)`;
}
