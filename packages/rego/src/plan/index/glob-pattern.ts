import { partsOf } from "../../runtime/parts.ts";
import type { Term } from "../../syntax/ast.ts";
import { anything } from "./constraint.ts";

/** What `glob.match` with constant arguments asks, as an array of parts; undefined where parts do not say it all. */
export function patternOf(
  pattern: Term,
  delimiters: Term,
): { readonly value: Term; readonly delimiters: string } | undefined {
  if (pattern.kind !== "string" || delimiters.kind !== "array") return undefined;
  const signs = delimiters.items.flatMap((item) => (item.kind === "string" ? [item.value] : []));
  if (signs.length !== delimiters.items.length) return undefined;
  const between = signs.length === 0 ? "." : signs.join("");
  const { span } = pattern;
  const items: Term[] = [];
  for (const part of partsOf(pattern.value, between)) {
    if (part !== "*" && isPattern(part)) return undefined;
    items.push(part === "*" ? anything(span) : { kind: "string", value: part, span });
  }
  return { value: { kind: "array", items, span }, delimiters: between };
}

/** Whether a part is more than a text. */
function isPattern(part: string): boolean {
  let isEscaped = false;
  for (const sign of part) {
    if (sign === "\\") {
      isEscaped = !isEscaped;
      continue;
    }
    if (!isEscaped && "[?{*".includes(sign)) return true;
    isEscaped = false;
  }
  return false;
}
