import { parseAddress } from "../ip.ts";

/** Whether a text is one e-mail address as Go's net/mail reads them: bare, with a name, with comments or as a group. */
export function isMailAddress(text: string): boolean {
  const reader = new AddressReader(text);
  const count = reader.address(true);
  return count === 1 && reader.comments() && reader.atEnd;
}

/** What stands between characters that mean something. Bytes that are not UTF-8 stand nowhere. */
const atomForm = /^[^\0-\x20\x7f()<>[\]:;@\\,"\ud800-\udfff]$/u;
const quoted = /^[^\0-\x08\x0a-\x1f\x7f"\\\ud800-\udfff]$/u;
const escapedSigns = /^[^\0-\x08\x0a-\x1f\x7f\ud800-\udfff]$/u;

class AddressReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** How many addresses there are in an address or a group of them; undefined where it is none. */
  address(mayBeGroup: boolean): number | undefined {
    this.#spaces();
    if (this.atEnd) return undefined;
    const start = this.#at;
    if (this.#specification()) {
      this.#spaces();
      return this.#take("(") && !this.#comment() ? undefined : 1;
    }
    this.#at = start;
    if (this.#peek() !== "<" && !this.#phrase()) return undefined;
    this.#spaces();
    if (mayBeGroup && this.#take(":")) return this.#group();
    return this.#take("<") && this.#specification() && this.#take(">") ? 1 : undefined;
  }

  /** Skips comments; false where one is not closed. */
  comments(): boolean {
    this.#spaces();
    while (this.#take("(")) {
      if (!this.#comment()) return false;
      this.#spaces();
    }
    return true;
  }

  #group(): number | undefined {
    this.#spaces();
    if (this.#take(";")) return this.comments() ? 0 : undefined;
    for (let count = 0; ;) {
      const found = this.address(false);
      if (found === undefined || !this.comments()) return undefined;
      count += found;
      if (this.#take(";")) return this.comments() ? count : undefined;
      if (!this.#take(",")) return undefined;
    }
  }

  #specification(): boolean {
    this.#spaces();
    const local = this.#peek() === '"' ? this.#quoted() : this.#dotAtom();
    if (local === undefined || local === "" || !this.#take("@")) return false;
    this.#spaces();
    return this.#take("[") ? this.#literal() : this.#dotAtom() !== undefined;
  }

  /** Words before an address; what is wrong after the first is found out later. */
  #phrase(): boolean {
    for (let words = 0; ; words++) {
      if (words > 0 && !this.comments()) return false;
      this.#spaces();
      if (this.atEnd) return true;
      const word = this.#peek() === '"' ? this.#quoted() : this.#atom();
      if (word === undefined) return words > 0;
    }
  }

  #quoted(): string | undefined {
    let content = "";
    for (let at = this.#at + 1; at < this.#text.length;) {
      let character = this.#characterAt(at);
      at += character.length;
      if (character === '"') {
        this.#at = at;
        return content;
      }
      if (character === "\\") {
        character = this.#characterAt(at);
        if (!escapedSigns.test(character)) return undefined;
        at += character.length;
      } else if (!quoted.test(character)) {
        return undefined;
      }
      content += character;
    }
    return undefined;
  }

  /** Words with single points between them. */
  #dotAtom(): string | undefined {
    const atom = this.#atom();
    if (atom === undefined || atom.startsWith(".") || atom.endsWith(".") || atom.includes("..")) return undefined;
    return atom;
  }

  #atom(): string | undefined {
    let at = this.#at;
    for (; at < this.#text.length;) {
      const character = this.#characterAt(at);
      if (/^[\ud800-\udfff]$/.test(character)) return undefined;
      if (!atomForm.test(character)) break;
      at += character.length;
    }
    if (at === this.#at) return undefined;
    const atom = this.#text.slice(this.#at, at);
    this.#at = at;
    return atom;
  }

  /** An IP address, whose opening bracket is behind us. */
  #literal(): boolean {
    const close = this.#text.indexOf("]", this.#at);
    if (close < 0 || parseAddress(this.#text.slice(this.#at, close)) === undefined) return false;
    this.#at = close + 1;
    return true;
  }

  /** A comment, whose opening parenthesis is behind us. */
  #comment(): boolean {
    for (let depth = 1; !this.atEnd; this.#at++) {
      const character = this.#peek();
      if (character === "\\" && this.#at + 1 < this.#text.length) this.#at++;
      else if (character === "(") depth++;
      else if (character === ")") depth--;
      if (depth === 0) {
        this.#at++;
        return true;
      }
    }
    return false;
  }

  #characterAt(at: number): string {
    return String.fromCodePoint(this.#text.codePointAt(at) ?? 0);
  }

  #peek(): string {
    return this.#text.charAt(this.#at);
  }

  #take(character: string): boolean {
    if (this.#peek() !== character || this.atEnd) return false;
    this.#at++;
    return true;
  }

  #spaces(): void {
    while (this.#peek() === " " || this.#peek() === "\t") this.#at++;
  }
}
