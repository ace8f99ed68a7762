/** A number that neither a double nor a bigint holds exactly, or whose written form must be kept: coefficient × 10^exponent. */
export class Decimal {
  readonly coefficient: bigint;
  readonly exponent: number;
  /** The text it was written with. */
  readonly text: string | undefined;

  constructor(coefficient: bigint, exponent: number, text?: string) {
    this.coefficient = coefficient;
    this.exponent = exponent;
    this.text = text;
  }
}
