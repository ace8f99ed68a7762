/** A text that ends a test or a case; it travels by exception within this folder and leaves it as a value. */
export class SuiteError extends Error {
  /** The kind of the problem behind it; empty where there is none. */
  readonly kind: string;

  constructor(message: string, kind = "") {
    super(message);
    this.kind = kind;
  }
}
