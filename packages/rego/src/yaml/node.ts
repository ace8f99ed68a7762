/** YAML as a tree: what stands in a text, before anybody asks what it means. */

/** Where a node begins, and the tag that it was given in short form (`!!str`, `!own`), if any. */
interface Placed {
  /** From one. */
  readonly line: number;
  readonly tag?: string;
}

/** A text. A plain one may mean a number, a date or nothing at all. */
export interface YAMLScalar extends Placed {
  readonly kind: "scalar";
  readonly value: string;
  readonly plain: boolean;
}

/** A list. */
export interface YAMLSequence extends Placed {
  readonly kind: "sequence";
  readonly items: readonly YAMLNode[];
}

/** Pairs in the order in which they are written, those with the same key included. */
export interface YAMLMapping extends Placed {
  readonly kind: "mapping";
  readonly pairs: readonly (readonly [key: YAMLNode, value: YAMLNode])[];
}

/** Another node, named by its anchor. It may be one that this alias is a part of. */
export interface YAMLAlias extends Placed {
  readonly kind: "alias";
  readonly name: string;
  readonly target: YAMLNode;
}

/** A node of the tree. */
export type YAMLNode = YAMLScalar | YAMLSequence | YAMLMapping | YAMLAlias;

/**
 * Why a text is no YAML, in the words of Go's library: thrown from the depth of the reading, caught at its door. No
 * Error: policies ask of many texts whether they are YAML, and a stack trace each would be most of the cost.
 */
export class YAMLFault {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

/** A fault in the words of Go's library, which does not name the first line. */
export function faultAt(line: number, problem: string): YAMLFault {
  return new YAMLFault(line > 0 ? `line ${line}: ${problem}` : problem);
}
