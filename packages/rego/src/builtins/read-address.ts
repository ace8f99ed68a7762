/** An address as `netip.ParseAddr` reads it, or why it is none and where: the rest of the text from there. */
export type AddressResult =
  | { readonly address: bigint; readonly width: 32 | 128; readonly zone: string }
  | AddressFault;

/** Why a text is no address. */
export interface AddressFault {
  readonly error: string;
  readonly at?: string;
}

const mapped = 0xffffn << 32n;

/** Reads an address of either family; an IPv4 address stands where IPv6 maps it to. */
export function readAddress(text: string): AddressResult {
  const mark = /[.:%]/.exec(text)?.[0];
  if (mark === undefined) return { error: "unable to parse IP" };
  if (mark === "%") return { error: "missing IPv6 address" };
  if (mark === ".") {
    const address = readIPv4(text);
    return typeof address === "bigint" ? { address: mapped | address, width: 32, zone: "" } : address;
  }
  const percent = text.indexOf("%");
  const zone = percent < 0 ? "" : text.slice(percent + 1);
  if (percent >= 0 && zone === "") return { error: "zone must be a non-empty string" };
  const address = new IPv6Reader(percent < 0 ? text : text.slice(0, percent)).read();
  return typeof address === "bigint" ? { address, width: 128, zone } : address;
}

function readIPv4(text: string): bigint | AddressFault {
  let address = 0n;
  let field = "";
  let dots = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === ".") {
      const isEmpty = field === "" || at === text.length - 1;
      if (isEmpty) return { error: "IPv4 field must have at least one digit", at: text.slice(at) };
      if (dots === 3) return { error: "IPv4 address too long" };
      address = (address << 8n) | BigInt(field);
      field = "";
      dots++;
    } else if (character >= "0" && character <= "9") {
      if (field === "0") return { error: "IPv4 field has octet with leading zero" };
      field += character;
      if (Number(field) > 255) return { error: "IPv4 field has value >255" };
    } else return { error: "unexpected character", at: text.slice(at) };
  }
  return dots < 3 ? { error: "IPv4 address too short" } : (address << 8n) | BigInt(field);
}

/** Reads groups from the left, so that what is wrong is found where Go finds it. */
class IPv6Reader {
  #rest: string;
  readonly #groups: bigint[] = [];
  /** How many groups stand before the `::`. */
  #gap: number | undefined;

  constructor(text: string) {
    this.#rest = text;
  }

  read(): bigint | AddressFault {
    if (this.#rest.startsWith("::")) {
      this.#gap = 0;
      this.#rest = this.#rest.slice(2);
      if (this.#rest === "") return 0n;
    }
    while (this.#groups.length < 8) {
      const fault = this.#group() ?? (this.#rest === "" ? undefined : this.#colon());
      if (fault !== undefined) return fault;
      if (this.#rest === "") break;
    }
    if (this.#rest !== "") return this.#fault("trailing garbage after address");
    return this.#address();
  }

  #fault(error: string): AddressFault {
    return { error, at: this.#rest };
  }

  /** A group, or an IPv4 address for the last two. */
  #group(): AddressFault | undefined {
    const digits = /^[0-9a-fA-F]*/.exec(this.#rest)?.[0] ?? "";
    if (digits.length > 4) return this.#fault("each group must have 4 or less digits");
    if (digits === "") return this.#fault("each colon-separated field must have at least one digit");
    if (this.#rest.charAt(digits.length) === ".") return this.#embedded();
    this.#groups.push(BigInt(`0x${digits}`));
    this.#rest = this.#rest.slice(digits.length);
    return undefined;
  }

  #embedded(): AddressFault | undefined {
    if (this.#gap === undefined && this.#groups.length !== 6) {
      return this.#fault("embedded IPv4 address must replace the final 2 fields of the address");
    }
    if (this.#groups.length > 6) {
      return this.#fault("too many hex fields to fit an embedded IPv4 at the end of the address");
    }
    const address = readIPv4(this.#rest);
    if (typeof address !== "bigint") return address;
    this.#groups.push(address >> 16n, address & 0xffffn);
    this.#rest = "";
    return undefined;
  }

  /** What stands between two groups. */
  #colon(): AddressFault | undefined {
    if (!this.#rest.startsWith(":")) return this.#fault("unexpected character, want colon");
    if (this.#rest === ":") return this.#fault("colon must be followed by more characters");
    this.#rest = this.#rest.slice(1);
    if (!this.#rest.startsWith(":")) return undefined;
    if (this.#gap !== undefined) return this.#fault("multiple :: in address");
    this.#gap = this.#groups.length;
    this.#rest = this.#rest.slice(1);
    return undefined;
  }

  #address(): bigint | AddressFault {
    const missing = 8 - this.#groups.length;
    if (missing > 0 && this.#gap === undefined) return { error: "address string too short" };
    if (missing === 0 && this.#gap !== undefined) {
      return { error: "the :: must expand to at least one field of zeros" };
    }
    const zeros = Array.from({ length: missing }, () => 0n);
    const groups = this.#groups.toSpliced(this.#gap ?? 0, 0, ...zeros);
    return groups.reduce((address, group) => (address << 16n) | group, 0n);
  }
}
