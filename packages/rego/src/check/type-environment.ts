/** What is known of the types of documents, functions and variables at a place. */
import type { Body, RefTerm, Term } from "../syntax/ast.ts";
import { isConstant } from "./constants.ts";
import { termKey } from "./term-key.ts";
import {
  anyType,
  booleanType,
  isEmptyCollection,
  type Known,
  nullType,
  numberType,
  objectType,
  selectType,
  stringType,
  union,
  valuesOf,
} from "./type-algebra.ts";
import { insertIntoObject, mergeTypes } from "./type-merge.ts";
import type { Property, Type } from "./type.ts";

/** A node of types by path. */
export class TypeTree {
  readonly key: Term | undefined;
  readonly children: Map<string, TypeTree> = new Map();
  type: Known;

  constructor(key: Term | undefined) {
    this.key = key;
  }

  child(term: Term): TypeTree | undefined {
    return this.children.size === 0 ? undefined : this.children.get(termKey(term));
  }

  #place(term: Term): TypeTree {
    const key = termKey(term);
    let child = this.children.get(key);
    if (child === undefined) {
      child = new TypeTree(term);
      this.children.set(key, child);
    }
    return child;
  }

  /** Says the type of what stands at a path. */
  put(path: readonly Term[], type: Known, from = 0): void {
    const term = path[from];
    if (term === undefined) this.type = type;
    else this.#place(term).put(path, type, from + 1);
  }

  /** Adds a type at a path, to those known there, above it and below it. */
  insert(path: readonly Term[], type: Type, typeOf: (term: Term) => Known, from = 0): void {
    const term = path[from];
    if (term !== undefined) {
      const child = this.#place(term);
      if (child.type?.kind === "object" && from + 1 < path.length) {
        child.type = insertIntoObject(child.type, path.slice(from + 1), type, typeOf);
      }
      child.insert(path, type, typeOf, from + 1);
      return;
    }
    this.type = mergeTypes(this.type, type);
    if (type.kind !== "object") return;
    for (const [below, inner] of this.#leaves([])) {
      if (this.type?.kind !== "object") return;
      this.type = insertIntoObject(this.type, below, inner, typeOf);
    }
  }

  *#leaves(path: readonly Term[]): Generator<readonly [readonly Term[], Type]> {
    for (const child of this.children.values()) {
      const below = child.key === undefined ? path : [...path, child.key];
      if (child.type !== undefined) yield [below, child.type];
      else yield* child.#leaves(below);
    }
  }

  /** The type of all that stands here and below. */
  extent(): Known {
    if (this.type !== undefined) return this.type;
    const properties: Property[] = [];
    for (const child of this.children.values()) {
      const { key } = child;
      if (key?.kind === "string") properties.push({ key: key.value, value: child.extent() });
      else if (key?.kind === "number") properties.push({ key: Number(key.text), value: child.extent() });
      else if (key?.kind === "boolean") properties.push({ key: key.value, value: child.extent() });
    }
    return objectType(properties, { key: stringType, value: anyType });
  }
}

/** A constant as a key of an object's type; undefined where it is none. */
export function constantKey(term: Term): { readonly key: unknown } | undefined {
  switch (term.kind) {
    case "null":
      return { key: null };
    case "boolean":
    case "string":
      return { key: term.value };
    case "number":
      return { key: Number(term.text) };
    case "array":
    case "set": {
      const items = term.items.map(constantKey);
      return items.every((item) => item !== undefined) ? { key: items.map((item) => item.key) } : undefined;
    }
    case "object": {
      const entries: [unknown, unknown][] = [];
      for (const [key, value] of term.entries) {
        const left = constantKey(key);
        const right = constantKey(value);
        if (left === undefined || right === undefined) return undefined;
        entries.push([left.key, right.key]);
      }
      return { key: new Map(entries) };
    }
    case "var":
    case "ref":
    case "call":
    case "arrayComprehension":
    case "setComprehension":
    case "objectComprehension":
    case "templateString":
      return undefined;
  }
}

/** What is known of the member that a constant selects. */
export function selectConstant(type: Known, term: Term): Known {
  const constant = constantKey(term);
  const isIndex = term.kind !== "number" || /^-?\d+$/.test(term.text);
  return constant === undefined ? undefined : selectType(type, constant.key, isIndex);
}

function selectPath(type: Known, path: readonly Term[]): Known {
  let at = type;
  for (const term of path) {
    if (at === undefined) return undefined;
    if (
      term.kind === "var" ||
      term.kind === "ref" ||
      term.kind === "array" ||
      term.kind === "object" ||
      term.kind === "set"
    ) {
      if (isEmptyCollection(at)) return anyType;
      at = valuesOf(at);
    } else at = selectConstant(at, term);
  }
  return at;
}

function isRootVariable(term: Term | undefined): boolean {
  return term?.kind === "var" && (term.name === "data" || term.name === "input");
}

/** What an environment asks for beyond its own types. */
export interface TypeSource {
  /** Types the body of a comprehension; undefined where it has errors. */
  readonly closure: (environment: TypeEnvironment, body: Body) => TypeEnvironment | undefined;
  /** The type of a builtin. */
  readonly builtin: (terms: readonly Term[]) => Known;
}

/** Types at a place, with those of the places around it. */
export class TypeEnvironment {
  readonly tree: TypeTree;
  /** Where the types of variables go: the tree, but for a place under `with`. */
  readonly variables: TypeTree;
  readonly next: TypeEnvironment | undefined;
  readonly #source: TypeSource;
  readonly #closures = new Map<Term, Known>();

  constructor(next: TypeEnvironment | undefined, source: TypeSource, tree?: TypeTree, variables?: TypeTree) {
    this.next = next;
    this.#source = source;
    this.tree = tree ?? new TypeTree(undefined);
    this.variables = variables ?? this.tree;
  }

  /** A place inside of this one. */
  wrap(): TypeEnvironment {
    return new TypeEnvironment(this, this.#source);
  }

  /** A place under `with`: other documents, the same variables. */
  wrapWith(tree?: TypeTree): TypeEnvironment {
    return new TypeEnvironment(this, this.#source, tree ?? new TypeTree(undefined), this.variables);
  }

  /** Says the type of a variable. */
  set(variable: Term, type: Known): void {
    this.variables.put([variable], type);
  }

  /** What is known of a term's type. */
  typeOf(term: Term): Known {
    switch (term.kind) {
      case "null":
        return nullType;
      case "boolean":
        return booleanType;
      case "number":
        return numberType;
      case "string":
      case "templateString":
        return stringType;
      case "array":
        return { kind: "array", items: term.items.map((item) => this.typeOf(item)) };
      case "object":
        return this.#object(term.entries);
      case "set": {
        const of = term.items.reduce<Known>((found, item) => union(found, this.typeOf(item)), undefined);
        return of === undefined ? { kind: "set" } : { kind: "set", of };
      }
      case "arrayComprehension":
      case "setComprehension":
      case "objectComprehension":
        return this.#comprehension(term);
      case "ref":
        return this.typeOfRef(term.terms);
      case "var":
        return this.variable(term, termKey(term));
      case "call":
        return undefined;
    }
  }

  #object(entries: readonly (readonly [Term, Term])[]): Type {
    const properties: Property[] = [];
    let rest: { key: Known; value: Known } | undefined;
    for (const [key, value] of entries) {
      const constant = isConstant(key) ? constantKey(key) : undefined;
      if (constant === undefined) rest = { key: this.typeOf(key), value: this.typeOf(value) };
      else properties.push({ key: constant.key, value: this.typeOf(value) });
    }
    return objectType(properties, rest);
  }

  #comprehension(term: Term & { kind: "arrayComprehension" | "setComprehension" | "objectComprehension" }): Known {
    if (this.#closures.has(term)) return this.#closures.get(term);
    const inside = this.#source.closure(this, term.body);
    return inside === undefined ? undefined : comprehensionType(inside, term);
  }

  /** Remembers the type of a comprehension that was checked at this place. */
  remember(term: Term, type: Known): void {
    this.#closures.set(term, type);
  }

  /** What is known of a variable. One that no place knows may have a builtin's name. */
  variable(term: Term, key: string): Known {
    const node = this.tree.children.get(key);
    if (node !== undefined) return node.type;
    return this.next === undefined ? this.builtin(term) : this.next.variable(term, key);
  }

  /** The type of a builtin of a one-word name. */
  builtin(name: Term): Known {
    return this.#source.builtin([name]);
  }

  /** What is known of what a ref reads. */
  typeOfRef(terms: readonly Term[]): Known {
    const [head, ...rest] = terms;
    const node = head === undefined ? undefined : this.tree.child(head);
    return node === undefined ? this.#fallback(terms) : this.#below(node, terms, rest);
  }

  #fallback(terms: readonly Term[]): Known {
    if (this.next !== undefined) return this.next.typeOfRef(terms);
    return isRootVariable(terms[0]) ? anyType : this.#source.builtin(terms);
  }

  #below(node: TypeTree, terms: readonly Term[], path: readonly Term[]): Known {
    const [head, ...tail] = path;
    if (head === undefined) return node.extent();
    if (node.type !== undefined) {
      const child = node.child(head);
      return child === undefined ? selectPath(node.type, path) : this.#below(child, terms, tail);
    }
    if (!isConstant(head)) return selectPath(node.extent(), path);
    const child = node.child(head);
    return child === undefined ? this.#fallback(terms) : this.#below(child, terms, tail);
  }
}

/** The type of a comprehension whose body was typed. */
export function comprehensionType(
  inside: TypeEnvironment,
  term: Term & { kind: "arrayComprehension" | "setComprehension" | "objectComprehension" },
): Type {
  if (term.kind === "objectComprehension") {
    return objectType([], { key: inside.typeOf(term.key), value: inside.typeOf(term.value) });
  }
  const of = inside.typeOf(term.term);
  if (term.kind === "arrayComprehension") return { kind: "array", items: [], rest: of };
  return { kind: "set", of };
}

/** The head of a ref and what may follow it. */
export function isRootRef(ref: RefTerm): boolean {
  return isRootVariable(ref.terms[0]);
}
