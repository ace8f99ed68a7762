/** A number as it is written. */
export class WrittenNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** JSON whose numbers are as they are written: `1.0` and `1e3` are not what 1 and 1000 are. */
export type WrittenJson =
  | null
  | boolean
  | string
  | WrittenNumber
  | readonly WrittenJson[]
  | { readonly [key: string]: WrittenJson };
