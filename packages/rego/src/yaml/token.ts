import type { Mark } from "./cursor.ts";

/** What the parts of a YAML text are. */
export type TokenKind =
  | "streamStart"
  | "streamEnd"
  | "version"
  | "tagDirective"
  | "documentStart"
  | "documentEnd"
  | "blockSequence"
  | "blockMapping"
  | "blockEnd"
  | "flowSequence"
  | "flowSequenceEnd"
  | "flowMapping"
  | "flowMappingEnd"
  | "blockEntry"
  | "flowEntry"
  | "key"
  | "value"
  | "alias"
  | "anchor"
  | "tag"
  | "scalar";

/** A part of a YAML text. */
export interface Token {
  readonly kind: TokenKind;
  readonly mark: Mark;
  /** A scalar's text, an anchor's name, a tag's handle, or the version. */
  readonly text?: string;
  /** What follows a tag's handle, or what a handle stands for. */
  readonly suffix?: string;
  /** Of a scalar: whether it has no quotes. */
  readonly plain?: boolean;
}
