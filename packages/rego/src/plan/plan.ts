/**
 * What the planner hands to the emitter: documents as functions, bodies as goals in order. Nothing is left to decide
 * at run time that can be decided before: every unification has been split into assigning, testing, taking apart and
 * iterating, and every reference says whether it reads input, base data, a rule's document or a package's extent.
 */
import type { Span } from "../source.ts";
import type { Term } from "../syntax/ast.ts";

/** A variable of the generated code, unique within its function. Its name is a hint; the emitter chooses the final one. */
export interface Local {
  readonly kind: "local";
  readonly id: number;
  hint: string;
}

/** A value's recipe without side effects. All but `lookup`, `input`, `base`, `document`, `extent`, `child` and `entry` are always defined. */
export type Operand =
  | { readonly kind: "constant"; readonly term: Term }
  | Local
  | { readonly kind: "input" }
  /** Base data at a path of names: no rule can be on it. */
  | { readonly kind: "base"; readonly path: readonly string[] }
  /** The document of a group of rules. */
  | { readonly kind: "document"; readonly group: string }
  /** All below a path: base data, and rules' documents merged into it. */
  | { readonly kind: "extent"; readonly node: string }
  /** What stands at `node[key].suffix`, where the key is known only at run time. */
  | {
      readonly kind: "child";
      readonly node: string;
      readonly key: Operand;
      readonly suffix: readonly string[];
    }
  /** What a group's document, of keys or elements, has at keys that are always defined. */
  | { readonly kind: "entry"; readonly group: string; readonly keys: readonly Operand[] }
  /** Undefined where `of` is, or where it has no such key. The key is always defined. */
  | { readonly kind: "lookup"; readonly of: Operand; readonly key: Operand }
  | { readonly kind: "array"; readonly items: readonly Operand[] }
  | { readonly kind: "set"; readonly items: readonly Operand[] }
  | { readonly kind: "object"; readonly entries: readonly (readonly [key: Operand, value: Operand])[] };

/** What is called. */
export type Callee =
  | { readonly kind: "builtin"; readonly name: string }
  | {
      readonly kind: "function";
      readonly group: string;
      /** The function itself, where it is asked whether its result is the last argument (`resultGroup`). */
      readonly base?: string;
    };

/** One step of a body. Each either goes on, once or for each of its solutions, or fails. */
export type Goal =
  /** Binds; fails where the value is undefined. */
  | { readonly kind: "assign"; readonly local: Local; readonly value: Operand }
  /** Fails where the value is undefined or false. */
  | { readonly kind: "test"; readonly value: Operand }
  /** Fails where a side is undefined, or both differ. */
  | { readonly kind: "equal"; readonly left: Operand; readonly right: Operand }
  /** Fails unless the value is an array of that length, or an object with that many entries. */
  | { readonly kind: "shape"; readonly of: Local; readonly type: "array" | "object"; readonly size: number }
  /** Fails where a comprehension of a form need not be made, since this value is of a kind that never equals one. */
  | { readonly kind: "comparable"; readonly of: Local; readonly form: "array" | "set" | "object" }
  /** Goes on for each element of a collection; what is no collection has none. */
  | {
      readonly kind: "iterate";
      readonly over: Operand;
      readonly key?: Local;
      readonly value?: Local;
    }
  /**
   * Goes on for each way through base data, along the segments, whose last value has at `on` what equals the key; an
   * equality after it says so again. Stands for iterations, and binds what they would.
   */
  | {
      readonly kind: "join";
      readonly segments: readonly JoinSegment[];
      readonly on: readonly string[];
      readonly key: Operand;
      readonly rows: readonly Local[];
    }
  /** Goes on for each key below a path, base data's first and then the rules'. */
  | { readonly kind: "enumerate"; readonly node: string; readonly key: Local }
  /** Binds the result; without one, fails where it is false. Fails where it is undefined. Arguments are always defined. */
  | {
      readonly kind: "call";
      readonly callee: Callee;
      readonly args: readonly Operand[];
      readonly result?: Local;
      readonly span: Span;
    }
  /** Goes on for each output of a relation (`walk`). */
  | {
      readonly kind: "relate";
      readonly name: string;
      readonly args: readonly Operand[];
      readonly result: Local;
      readonly span: Span;
    }
  /** Binds what a comprehension makes. */
  | {
      readonly kind: "collect";
      readonly into: Local;
      readonly form: "array" | "set";
      readonly goals: readonly Goal[];
      readonly value: Operand;
    }
  | {
      readonly kind: "collectObject";
      readonly into: Local;
      readonly goals: readonly Goal[];
      readonly key: Operand;
      readonly value: Operand;
      readonly span: Span;
    }
  /** Fails where the goals have a solution. */
  | { readonly kind: "not"; readonly goals: readonly Goal[] }
  /** Goes on, once, where one of the alternatives has a solution; they bind nothing outside. */
  | { readonly kind: "or"; readonly alternatives: readonly (readonly Goal[])[] }
  /** Fails where the domain is no collection, or an element has no solution. */
  | {
      readonly kind: "every";
      readonly over: Operand;
      readonly key?: Local;
      readonly value: Local;
      readonly goals: readonly Goal[];
    }
  /** Runs the goals with parts of the world replaced; what they bind is seen after them. */
  | { readonly kind: "with"; readonly changes: readonly Change[]; readonly goals: readonly Goal[] }
  | Condition
  /** Fails always. */
  | { readonly kind: "fail" };

/** What a rule index asks before a body is gone through. */
export type Condition =
  /** Fails unless the value is there, and one of what is wanted, where anything is. */
  | { readonly kind: "admit"; readonly of: Operand; readonly wants: readonly Want[] }
  /** Fails unless both are there, and the collection has the key; an array is not asked. */
  | { readonly kind: "holds"; readonly key: Operand; readonly collection: Operand };

/** One of the things that a value may be to be admitted. */
export type Want =
  | { readonly kind: "same" | "member"; readonly term: Term }
  | { readonly kind: "prefix" | "suffix"; readonly text: string }
  /** An array of these, undefined for anything; a text is cut at the delimiters first. */
  | { readonly kind: "parts"; readonly parts: readonly (Term | undefined)[]; readonly delimiters?: string };

/** What must hold for a body to be gone through: all of some conditions, and of several ways one, where there are any. */
export interface Admission {
  readonly all: readonly Condition[];
  readonly any: readonly (readonly Condition[])[];
}

/** One step through base data: a field by its name, or each element, with where in a row its key and value stand. */
export type JoinSegment =
  | { readonly kind: "field"; readonly name: string }
  | { readonly kind: "each"; readonly key?: number; readonly value?: number };

/** One `with`. Values are always defined. */
export type Change =
  | { readonly kind: "input"; readonly path: readonly Operand[]; readonly value: Operand }
  /** `mask` is the number of its path among `Plan.masks`. */
  | {
      readonly kind: "data";
      readonly path: readonly Operand[];
      readonly value: Operand;
      readonly mask: number;
    }
  /** `mock` is the number of its target among `Plan.mocks`. */
  | { readonly kind: "mockValue"; readonly mock: number; readonly value: Operand }
  /** The document is read where the mock is called, and not before. */
  | {
      readonly kind: "mockDocument";
      readonly mock: number;
      readonly document: Operand & { readonly kind: "document" | "extent" };
    }
  | { readonly kind: "mockCall"; readonly mock: number; readonly callee: Callee };

/** A body that is gone through in any case. */
export const always: Admission = { all: [], any: [] };

/** One body with what it gives. */
export interface Alternative {
  readonly admission: Admission;
  /** Whether the value is written as a constant, and not only found to be one. */
  readonly isWritten: boolean;
  readonly goals: readonly Goal[];
  readonly value: Operand;
  readonly span: Span;
}

/** A rule as written: its body, and then its elses in order; the first that has a solution counts. */
export type Chain = readonly Alternative[];

/** Rules that make one document, or one function. */
export type Group = {
  /** See `ruleKey`. */
  readonly id: string;
  readonly path: readonly string[];
  /** Numbers of the `with` targets that hide it (`Plan.masks`). */
  readonly masks: readonly number[];
} & (
  | {
      readonly kind: "complete";
      readonly chains: readonly Chain[];
      readonly default?: Alternative;
    }
  | {
      readonly kind: "function";
      readonly params: readonly Local[];
      readonly chains: readonly Chain[];
      readonly default?: Alternative;
      /** Its number among `Plan.mocks`, where something replaces it. */
      readonly mock?: number;
    }
  | {
      readonly kind: "set";
      readonly bodies: readonly Alternative[];
      readonly selections: readonly Selection<Alternative>[];
    }
  /** Each body puts a value, or an element of a set, at a path of keys. */
  | {
      readonly kind: "object";
      readonly bodies: readonly Insertion[];
      readonly selections: readonly Selection<Insertion>[];
    }
);

/**
 * The bodies again, as they are where some keys are asked for: what is known of the keys is known before the body runs,
 * so that nothing is met in it that belongs to other keys.
 */
export interface Selection<T> {
  /** Whether a body has no part in it that has one in the whole: a key that is a set of variables is never found. */
  readonly isLess: boolean;
  readonly params: readonly Local[];
  readonly bodies: readonly T[];
}

/** A body of a partial object. */
export interface Insertion {
  readonly admission: Admission;
  readonly goals: readonly Goal[];
  readonly keys: readonly Operand[];
  readonly leaf: "value" | "element";
  readonly value: Operand;
  readonly span: Span;
}

/** A path below `data` that is no rule but has rules below it. */
export interface Interior {
  readonly id: string;
  readonly path: readonly string[];
  readonly masks: readonly number[];
  /** In Rego's order; functions are left out. */
  readonly children: readonly { readonly segment: string; readonly value: Operand }[];
}

/** What can be asked of the policy. */
export interface Entry {
  readonly name: string;
  /** Written names of the variables that a solution shows, with their values. */
  readonly goals: readonly Goal[];
  readonly variables: readonly (readonly [name: string, value: Operand])[];
  /** The one ref that the query is, where it is one without variables. */
  readonly document?: Operand;
}

export interface Plan {
  readonly groups: readonly Group[];
  readonly interiors: readonly Interior[];
  readonly entries: readonly Entry[];
  /** Paths below `data` that some `with` replaces. */
  readonly masks: readonly (readonly string[])[];
  /** Functions and builtins that some `with` replaces. */
  readonly mocks: readonly Callee[];
}
