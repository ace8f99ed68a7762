/** `sprintf` is Go's `fmt.Sprintf` over int64, float64, *big.Int and string; composites are strings of Rego text. */
import { numberText, toDouble } from "../runtime/number.ts";
import { isNumber } from "../runtime/order.ts";
import { joined } from "../runtime/text.ts";
import type { Value } from "../runtime/value.ts";
import { valueToText } from "../runtime/value-text.ts";
import type { BuiltinContext } from "./builtin.ts";
import { fail } from "./failure.ts";
import { arrayOperand, stringOperand } from "./operand.ts";
import { type Argument, type Flags, formatArgument, noFlags, typeOf } from "./sprintf-verbs.ts";

/** The builtin. */
export function sprintf(context: BuiltinContext, format: Value, values: Value): Value {
  const text = stringOperand(format, 1);
  return formatText(context, text, arrayOperand(values, 2).map(argumentOf), rego);
}

/** How values of a kind are shown. */
export interface Showing<A> {
  /** A value under a verb. */
  format(arg: A, verb: string, flags: Flags): string;
  /** A value that no verb asks for. */
  extra(arg: A): string;
  /** A value as a width or precision; undefined where it is no machine integer. */
  integer(arg: A): bigint | undefined;
}

const rego: Showing<Argument> = {
  format: formatArgument,
  extra: (arg) => `${typeOf(arg)}=${formatArgument(arg, "v", noFlags)}`,
  integer: (arg) => (arg.kind === "int64" ? arg.value : undefined),
};

/** Go's `fmt.Sprintf` over values of any kind. */
export function formatText<A>(
  context: BuiltinContext,
  format: string,
  args: readonly A[],
  showing: Showing<A>,
): string {
  const result = joined(new Formatter(context, format, args, showing).run());
  context.charge(result.length >> 4);
  return result;
}

/** What Go's `fmt.Sprintf` makes of a text that it is given for its format, without anything to show. */
export function formatAlone(text: string): string {
  const args: readonly Argument[] = [];
  return new Formatter({ charge: () => undefined }, text, args, rego).run();
}

/** A value as Go's formatter would get it. */
function argumentOf(value: Value): Argument {
  if (typeof value === "string") return { kind: "string", value };
  if (!isNumber(value)) return { kind: "string", value: valueToText(value) };
  const text = numberText(value);
  if (/[.eE]/.test(text)) {
    const double = toDouble(value);
    return Number.isFinite(double) ? { kind: "float64", value: double } : { kind: "string", value: text };
  }
  const integer = BigInt(text);
  return { kind: BigInt.asIntN(64, integer) === integer ? "int64" : "*big.Int", value: integer };
}

/** Widths and precisions past this are not taken. */
const largest = 1e6;

function asGoSyntax(flags: Flags): Flags {
  return { ...flags, sharp: false, sharpV: flags.sharp, plus: false, plusV: flags.plus };
}

class Formatter<A> {
  readonly #context: Pick<BuiltinContext, "charge">;
  readonly #format: string;
  readonly #args: readonly A[];
  readonly #showing: Showing<A>;
  #at = 0;
  #next = 0;
  #flags: Flags = noFlags;
  #reordered = false;
  #goodIndex = true;
  #out = "";

  constructor(context: Pick<BuiltinContext, "charge">, format: string, args: readonly A[], showing: Showing<A>) {
    this.#context = context;
    this.#format = format;
    this.#args = args;
    this.#showing = showing;
  }

  run(): string {
    for (;;) {
      const percent = this.#format.indexOf("%", this.#at);
      this.#out += this.#format.slice(this.#at, percent < 0 ? undefined : percent);
      if (percent < 0) break;
      this.#at = percent + 1;
      if (!this.#directive()) break;
    }
    if (!this.#reordered && this.#next < this.#args.length) this.#extra();
    return this.#out;
  }

  #extra(): void {
    const shown = this.#args.slice(this.#next).map((arg) => this.#showing.extra(arg));
    this.#out += `%!(EXTRA ${shown.join(", ")})`;
  }

  /** One directive after its percent sign; false where the format ends in the midst of it. */
  #directive(): boolean {
    this.#goodIndex = true;
    this.#readFlags();
    let afterIndex = this.#index();
    afterIndex = this.#width(afterIndex);
    afterIndex = this.#precision(afterIndex);
    if (!afterIndex) this.#index();
    const code = this.#format.codePointAt(this.#at);
    if (code === undefined) {
      this.#out += "%!(NOVERB)";
      return false;
    }
    const verb = String.fromCodePoint(code);
    this.#at += verb.length;
    this.#verb(verb);
    return true;
  }

  #verb(verb: string): void {
    const arg = this.#args[this.#next];
    if (verb === "%") {
      this.#out += "%";
    } else if (!this.#goodIndex) {
      this.#out += `%!${verb}(BADINDEX)`;
    } else if (arg === undefined) {
      this.#out += `%!${verb}(MISSING)`;
    } else {
      const { width, precision } = this.#flags;
      this.#context.charge(((width ?? 0) + (precision ?? 0)) >> 4);
      if (this.#out.length > 1e9) fail("result too large");
      const { format } = this.#showing;
      this.#out += format(arg, verb, verb === "v" || verb === "w" ? asGoSyntax(this.#flags) : this.#flags);
      this.#next++;
    }
  }

  #readFlags(): void {
    const flags = { sharp: false, zero: false, plus: false, minus: false, space: false };
    for (; ; this.#at++) {
      const flag = this.#format.charAt(this.#at);
      if (flag === "#") flags.sharp = true;
      else if (flag === "0") flags.zero = true;
      else if (flag === "+") flags.plus = true;
      else if (flag === "-") flags.minus = true;
      else if (flag === " ") flags.space = true;
      else break;
    }
    this.#flags = { ...noFlags, ...flags };
  }

  #width(afterIndex: boolean): boolean {
    if (this.#format.charAt(this.#at) === "*") {
      this.#at++;
      const width = this.#integerArgument();
      if (width === undefined) this.#out += "%!(BADWIDTH)";
      else if (width < 0) this.#flags = { ...this.#flags, width: -width, minus: true, zero: false };
      else this.#flags = { ...this.#flags, width };
      return false;
    }
    const width = this.#number();
    if (width !== undefined) {
      this.#flags = { ...this.#flags, width };
      if (afterIndex) this.#goodIndex = false;
    }
    return afterIndex;
  }

  #precision(afterIndex: boolean): boolean {
    if (this.#format.charAt(this.#at) !== "." || this.#at + 1 >= this.#format.length) return afterIndex;
    this.#at++;
    if (afterIndex) this.#goodIndex = false;
    const byIndex = this.#index();
    if (this.#format.charAt(this.#at) !== "*") {
      this.#flags = { ...this.#flags, precision: this.#number() ?? 0 };
      return byIndex;
    }
    this.#at++;
    const precision = this.#integerArgument();
    if (precision === undefined || precision < 0) this.#out += "%!(BADPREC)";
    else this.#flags = { ...this.#flags, precision };
    return false;
  }

  /** Decimal digits; one that is too large swallows the rest of the format. */
  #number(): number | undefined {
    let number: number | undefined;
    for (;;) {
      const digit = this.#format.charCodeAt(this.#at) - 48;
      if (!(digit >= 0 && digit <= 9)) return number;
      if (number !== undefined && number > largest) {
        this.#at = this.#format.length;
        return undefined;
      }
      number = (number ?? 0) * 10 + digit;
      this.#at++;
    }
  }

  /** The next argument as a width or precision. */
  #integerArgument(): number | undefined {
    const arg = this.#args[this.#next];
    if (arg === undefined) return undefined;
    this.#next++;
    const number = Number(this.#showing.integer(arg) ?? Number.NaN);
    return Math.abs(number) <= largest ? number : undefined;
  }

  /** An explicit argument number in brackets; whether there was a well-formed one. */
  #index(): boolean {
    if (this.#format.charAt(this.#at) !== "[") return false;
    this.#reordered = true;
    const close = this.#format.indexOf("]", this.#at);
    const rest = this.#format.length - this.#at;
    if (close < 0 || rest < 3) {
      this.#at += 1;
      this.#goodIndex = false;
      return false;
    }
    const text = this.#format.slice(this.#at + 1, close);
    this.#at = close + 1;
    const index = /^[0-9]+$/.test(text) && Number(text) <= largest * 10 + 9 ? Number(text) - 1 : undefined;
    if (index !== undefined && index >= 0 && index < this.#args.length) {
      this.#next = index;
      return true;
    }
    this.#goodIndex = false;
    return index !== undefined;
  }
}
