import { ruleKey } from "../check/program.ts";
import type { Body, Term } from "../syntax/ast.ts";
import type { DocumentNode, InteriorNode } from "./documents.ts";
import type { Callee, Operand } from "./plan.ts";
import type { Scope } from "./scope.ts";

/** What the planner must know of a builtin. */
export interface BuiltinShape {
  readonly arity: number;
  readonly relation: boolean;
}

/** Terms hold bodies and bodies hold terms: the way back from one to the other, tied together in `plan()`. */
export interface Recursion {
  evaluate(scope: Scope, term: Term): Operand;
  plan(scope: Scope, body: Body): void;
}

/** What all bodies of one policy share while they are planned. */
export class World {
  readonly root: InteriorNode;
  readonly recursion: Recursion;
  readonly #builtin: (name: string) => BuiltinShape | undefined;
  readonly #masks = new Map<string, { readonly number: number; readonly path: readonly string[] }>();
  readonly #mocks = new Map<string, { readonly number: number; readonly callee: Callee }>();
  /** The groups that somebody asks for keys of, with how many. */
  readonly #asked = new Map<string, Set<number>>();
  /** The functions that somebody asks whether their result is one that is known. */
  readonly #results = new Set<string>();

  constructor(root: InteriorNode, recursion: Recursion, builtin: (name: string) => BuiltinShape | undefined) {
    this.recursion = recursion;
    this.root = root;
    this.#builtin = builtin;
  }

  /** The shape of a builtin by name, or undefined where there is none. */
  builtin(name: string): BuiltinShape | undefined {
    return this.#builtin(name);
  }

  /** The node at a path below `data`, where rules reach it. */
  nodeAt(path: readonly string[]): DocumentNode | undefined {
    let node: DocumentNode | undefined = this.root;
    for (const name of path) {
      if (node?.kind !== "interior") return undefined;
      node = node.children.get(name);
    }
    return node;
  }

  /** The number of a path that some `with` replaces. */
  mask(path: readonly string[]): number {
    const key = ruleKey(path);
    const known = this.#masks.get(key);
    if (known !== undefined) return known.number;
    const number = this.#masks.size;
    this.#masks.set(key, { number, path });
    return number;
  }

  /** The number of a function or builtin that some `with` replaces. */
  mock(callee: Callee): number {
    const key = callee.kind === "builtin" ? callee.name : callee.group;
    const known = this.#mocks.get(key);
    if (known !== undefined) return known.number;
    const number = this.#mocks.size;
    this.#mocks.set(key, { number, callee });
    return number;
  }

  /** Notes that so many keys of a group's document are asked for. */
  ask(group: string, keys: number): void {
    const known = this.#asked.get(group);
    if (known === undefined) this.#asked.set(group, new Set([keys]));
    else known.add(keys);
  }

  /** How many keys of a group's document somebody asks for: each number that there is. */
  askedOf(group: string): readonly number[] {
    return [...(this.#asked.get(group) ?? [])];
  }

  /** Notes that a function is asked whether its result is one that is known. */
  askResult(group: string): void {
    this.#results.add(group);
  }

  /** Whether somebody asks a function so. */
  isResultAsked(group: string): boolean {
    return this.#results.has(group);
  }

  get masks(): readonly (readonly string[])[] {
    return [...this.#masks.values()].map((mask) => mask.path);
  }

  get mocks(): readonly Callee[] {
    return [...this.#mocks.values()].map((mock) => mock.callee);
  }
}
