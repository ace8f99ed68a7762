/** How templates compare values: only those of a kind, and numbers of JSON as texts. */
import { compareStrings } from "../../runtime/text.ts";
import { noFlags } from "../sprintf-verbs.ts";
import { formatValue, printed } from "./format-value.ts";
import { type Concrete, type GoValue, typeName, unboxed } from "./go-value.ts";
import { TemplateError } from "./template-error.ts";

type Comparable = Concrete | { readonly kind: "invalid" };

/** What is compared alike; nothing for what is no basic value. */
function basicKind({ kind }: Comparable): string | undefined {
  switch (kind) {
    case "string":
    case "json.Number":
      return "string";
    case "invalid":
    case "list":
    case "map":
      return undefined;
    default:
      return kind;
  }
}

/** Whether a value equals one of others. */
export function isEqual(value: GoValue, others: readonly GoValue[]): boolean {
  if (others.length === 0) throw new TemplateError("missing argument for comparison");
  const first = unboxed(value);
  return others.some((other) => areEqual(first, unboxed(other)));
}

function areEqual(a: Comparable, b: Comparable): boolean {
  if (a.kind === "invalid" || b.kind === "invalid") return a.kind === b.kind;
  const kind = basicKind(a);
  if (kind !== basicKind(b)) {
    if ((a.kind === "int" && b.kind === "uint8") || (a.kind === "uint8" && b.kind === "int"))
      return a.value === b.value;
    throw new TemplateError(`incompatible types for comparison: ${typeName(a)} and ${typeName(b)}`);
  }
  if (a.kind === "complex128") return b.kind === a.kind && a.real === b.real && a.imaginary === b.imaginary;
  if (a.kind !== "list" && a.kind !== "map") return "value" in b && a.value === b.value;
  const [textA, textB] = [a, b].map((one) => formatValue(one, "s", noFlags));
  if (a.kind === b.kind) throw new TemplateError(`non-comparable type ${textB}: ${typeName(b)}`);
  throw new TemplateError(`non-comparable types ${textA}: ${typeName(a)}, ${typeName(b)}: ${printed(b)}`);
}

/** Whether a value comes before another. */
export function isLess(value: GoValue, other: GoValue): boolean {
  const [a, b] = [unboxed(value), unboxed(other)];
  if (a.kind === "int" || a.kind === "uint8") {
    if (b.kind === "int" || b.kind === "uint8") return a.value < b.value;
  }
  const [kindA, kindB] = [basicKind(a), basicKind(b)];
  if (kindA === undefined || kindB === undefined || a.kind === "invalid" || b.kind === "invalid") {
    throw new TemplateError("invalid type for comparison");
  }
  if (kindA !== kindB) {
    throw new TemplateError(`incompatible types for comparison: ${typeName(a)} and ${typeName(b)}`);
  }
  if (a.kind === "float64" && b.kind === "float64") return a.value < b.value;
  const isText = "value" in a && "value" in b && typeof a.value === "string" && typeof b.value === "string";
  if (!isText) throw new TemplateError("invalid type for comparison");
  return compareStrings(a.value, b.value) < 0;
}
