/** Field selectors as the API server reads them: `metadata.name=a,status.phase!=Running`. */
import { compareBytes } from "../json/go.ts";
import type { SelectorReading } from "./label-selector.ts";

export interface FieldRequirement {
  readonly field: string;
  readonly equal: boolean;
  readonly value: string;
}

/** Every requirement must hold; no requirement selects everything. */
export type FieldSelector = readonly FieldRequirement[];

/** Reads a field selector. */
export function parseFieldSelector(text: string): SelectorReading<FieldSelector> {
  const requirements: FieldRequirement[] = [];
  for (const term of splitTerms(text).toSorted(compareBytes)) {
    if (term === "") continue;
    const match = /!=|==|=/.exec(term);
    if (match === null) return { ok: false, message: `invalid selector: '${text}'; can't understand '${term}'` };
    const value = unescape(term.slice(match.index + match[0].length));
    if (!value.ok) return value;
    const field = term.slice(0, match.index);
    // Nothing compared with nothing selects everything, whichever way.
    if (field === "" && value.selector === "") continue;
    requirements.push({ field, equal: match[0] !== "!=", value: value.selector });
  }
  return { ok: true, selector: requirements };
}

/** Whether the fields, as `get` tells them (the empty string where there is none), meet every requirement. */
export function matchesFields(selector: FieldSelector, get: (field: string) => string): boolean {
  return selector.every(({ field, equal, value }) => (get(field) === value) === equal);
}

function splitTerms(text: string): readonly string[] {
  const terms: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === ",") {
      terms.push(text.slice(start, at));
      start = at + 1;
    }
  }
  terms.push(text.slice(start));
  return terms;
}

function unescape(text: string): SelectorReading<string> {
  let out = "";
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === "\\") {
      at += 1;
      const escaped = text.charAt(at);
      if (escaped === "" || !"\\,=".includes(escaped)) {
        return { ok: false, message: `invalid field selector: invalid escape sequence: \\${escaped}` };
      }
      out += escaped;
    } else if (character === "," || character === "=") {
      const code = character.charCodeAt(0);
      return { ok: false, message: `invalid field selector: unescaped character in value: ${code}` };
    } else out += character;
  }
  return { ok: true, selector: out };
}
