/** A flag of a command, as data: the parser, the help and the command read the same table. */
export type Flag =
  | (FlagWords & { readonly kind: "boolean"; readonly default: boolean })
  | (FlagWords & {
      readonly kind: "string";
      readonly default: string;
      readonly value: string;
      /** What it means without a value; a value then stands behind an equals sign only. */
      readonly bare?: string;
    })
  /** May be given more than once. */
  | (FlagWords & { readonly kind: "strings"; readonly value: string })
  | (FlagWords & { readonly kind: "integer"; readonly default: number; readonly value: string });

interface FlagWords {
  readonly name: string;
  readonly short?: string;
  readonly summary: string;
  /** Understood, and not shown in the help: names of old, and what changes nothing here. */
  readonly hidden?: true;
  /** Why there is no such thing here, and what to do instead: naming the flag is an error that says so. */
  readonly refused?: string;
}

/** What the user gave for a command's flags, defaults filled in. */
export interface FlagValues {
  boolean(name: string): boolean;
  string(name: string): string;
  strings(name: string): readonly string[];
  integer(name: string): number;
  /** Whether the flag stood on the command line. */
  given(name: string): boolean;
}
