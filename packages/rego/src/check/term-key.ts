/** A key that equal terms share. */
import type { Term } from "../syntax/ast.ts";
import { printBody } from "../syntax/print.ts";

function numberKey(text: string): string {
  const value = Number(text);
  return Number.isSafeInteger(value) || (text.length < 16 && Number.isFinite(value)) ? String(value) : text;
}

/** A text that two terms share exactly when they are equal. */
export function termKey(term: Term): string {
  switch (term.kind) {
    case "null":
      return "null";
    case "boolean":
      return String(term.value);
    case "number":
      return numberKey(term.text);
    case "string":
      return JSON.stringify(term.value);
    case "var":
      return `$${term.name}`;
    case "ref":
      return `ref(${term.terms.map(termKey).join(",")})`;
    case "call":
      return `call(${[term.operator, ...term.args].map(termKey).join(",")})`;
    case "array":
      return `[${term.items.map(termKey).join(",")}]`;
    case "set":
      return `<${[...new Set(term.items.map(termKey))].toSorted().join(",")}>`;
    case "object":
      return `{${term.entries
        .map(([key, value]) => `${termKey(key)}:${termKey(value)}`)
        .toSorted()
        .join(",")}}`;
    case "arrayComprehension":
      return `[${termKey(term.term)}|${printBody(term.body)}]`;
    case "setComprehension":
      return `<${termKey(term.term)}|${printBody(term.body)}>`;
    case "objectComprehension":
      return `{${termKey(term.key)}:${termKey(term.value)}|${printBody(term.body)}}`;
    case "templateString":
      return `template(${term.parts.map((part) => (typeof part === "string" ? JSON.stringify(part) : printBody([part]))).join(",")})`;
  }
}
