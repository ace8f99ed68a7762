import { readJSON } from "../../runtime/json-reader.ts";
import { readNumber } from "../../runtime/number.ts";
import { objectOf } from "../../runtime/object.ts";
import { RegoSet } from "../../runtime/set.ts";
import type { Value } from "../../runtime/value.ts";

/** A call of a builtin with constants: `name(1, {"a"}, …)`. For the specs, which hold the answers against OPA's. */
export function readCall(text: string): { readonly name: string; readonly args: readonly Value[] } {
  const open = text.indexOf("(");
  const reader = new TermReader(text, open + 1);
  return { name: text.slice(0, open), args: reader.until(")") };
}

class TermReader {
  readonly #text: string;
  #at: number;

  constructor(text: string, at: number) {
    this.#text = text;
    this.#at = at;
  }

  #take(text: string): boolean {
    while (/\s/.test(this.#text.charAt(this.#at))) this.#at++;
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  /** Terms between commas. */
  until(close: string): Value[] {
    const terms: Value[] = [];
    if (this.#take(close)) return terms;
    do terms.push(this.#term());
    while (this.#take(","));
    if (!this.#take(close)) throw new Error(`${close} is missing in ${this.#text} at ${this.#at}`);
    return terms;
  }

  #term(): Value {
    if (this.#take("set()")) return new RegoSet();
    if (this.#take("[")) return this.until("]");
    if (this.#take("{")) return this.#braces();
    for (const [word, value] of [
      ["true", true],
      ["false", false],
      ["null", null],
    ] as const) {
      if (this.#take(word)) return value;
    }
    return this.#scalar();
  }

  #braces(): Value {
    if (this.#take("}")) return {};
    const first = this.#term();
    if (!this.#take(":")) {
      const rest = this.#take(",") ? this.until("}") : [];
      if (rest.length === 0) this.#take("}");
      return new RegoSet([first, ...rest]);
    }
    const entries: [Value, Value][] = [[first, this.#term()]];
    while (this.#take(",")) {
      const key = this.#term();
      if (!this.#take(":")) throw new Error(`: is missing in ${this.#text} at ${this.#at}`);
      entries.push([key, this.#term()]);
    }
    this.#take("}");
    return objectOf(entries);
  }

  #scalar(): Value {
    const string = this.#match(/"(?:[^"\\]|\\.)*"/y);
    if (string !== undefined) {
      const result = readJSON(string);
      if ("value" in result) return result.value;
    }
    const number = readNumber(this.#match(/-?[0-9][0-9.eE+-]*/y) ?? "");
    if (number === undefined) throw new Error(`no term in ${this.#text} at ${this.#at}`);
    return number;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }
}
