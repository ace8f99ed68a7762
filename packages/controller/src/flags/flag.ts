/** What becomes of a flag of Gatekeeper's manager here. */
export type Standing =
  /** It does what it does there. */
  | { readonly kind: "honoured" }
  /** Taken and without effect, which weakens nothing; whoever gives it is told why. */
  | { readonly kind: "ignored"; readonly because: string }
  /** Taken where it asks for nothing that is missing; refused where ignoring it would lose something. */
  | { readonly kind: "refused"; readonly values: (value: string) => boolean; readonly because: string };

interface FlagWords {
  readonly name: string;
  readonly summary: string;
  readonly standing: Standing;
}

/** What is wrong with a value, in the words of Gatekeeper's manager; undefined where it can be read. */
export type ValueComplaint = (value: string) => string | undefined;

/** A flag of the manager, as data: the reader, the help and the migration check read the same table. */
export type ManagerFlag =
  | (FlagWords & { readonly kind: "boolean"; readonly default: boolean })
  | (FlagWords & {
      readonly kind: "string";
      readonly default: string;
      readonly value: string;
      readonly complaint?: ValueComplaint;
    })
  /** May be given more than once. */
  | (FlagWords & { readonly kind: "strings"; readonly value: string; readonly complaint?: ValueComplaint })
  | (FlagWords & {
      readonly kind: "integer";
      readonly default: number;
      readonly value: string;
      /** The least and the greatest that make sense, where it has an effect. */
      readonly range?: readonly [least: number, greatest: number];
    });

/** What was given for each flag, in order; nothing is filled in. */
export type GivenFlags = ReadonlyMap<string, readonly string[]>;
