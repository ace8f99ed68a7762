/** Gives every bare name its document: a rule of the package, or what an import brought in. */
import type { Span } from "../source.ts";
import type { Body, Expression, Import, RefTerm, Term } from "../syntax/ast.ts";
import { elseChain, type Compilation, problem, type WorkModule, type WorkRule } from "./compilation.ts";
import { isRootDocument } from "./constants.ts";
import { addDeclared } from "./declared.ts";
import { withoutRepeatedItems, withoutRepeatedKeys } from "./repeated.ts";
import { addTerm, type Variables } from "./variables.ts";
import { asRef, mapExpression, mapList, mapTerm, mapWith } from "./rewrite.ts";

/**
 * The `data` that refs begin with once their name is resolved. All that come by one package or one import share it, and
 * its place is that of the last of them: it is where OPA reports type errors of these refs.
 */
export interface ResolvedHead {
  readonly kind: "var";
  readonly name: string;
  span: Span;
  /** Whether a local variable hides it. OPA then no longer knows that what was resolved by it are rules. */
  hidden: boolean;
}

/** Whether a term is the head of a resolved name. */
export function isResolvedHead(term: object): term is ResolvedHead {
  return "hidden" in term;
}

/** A name that a module may use bare. */
interface Global {
  readonly head: ResolvedHead | undefined;
  readonly path: readonly Term[];
  used: boolean;
}

function resolvedHead(terms: readonly Term[]): ResolvedHead | undefined {
  const [head] = terms;
  return head?.kind === "var" ? { kind: "var", name: head.name, span: head.span, hidden: false } : undefined;
}

/** Names with what they stand for. */
export type Globals = Map<string, Global>;

/** The name under which an import is used. */
export function importName(imported: Import): string {
  if (imported.alias !== undefined) return imported.alias;
  const last = imported.path.terms.at(-1);
  if (last?.kind === "var") return last.name;
  return last?.kind === "string" ? last.value : "";
}

/** Whether an import is one of `future` or `rego`, which bring in no document. */
export function isLanguageImport(imported: Import): boolean {
  const [head] = imported.path.terms;
  return head?.kind === "var" && (head.name === "future" || head.name === "rego");
}

/** The names of a package's rules and of a module's imports. */
export function globalsOf(path: RefTerm, rules: readonly WorkRule[], imports: readonly Import[]): Globals {
  const globals: Globals = new Map();
  const head = resolvedHead(path.terms);
  for (const rule of rules) {
    const [name] = rule.head.ref.terms;
    if (name?.kind !== "var" || globals.has(name.name)) continue;
    const own: Term = { kind: "string", span: name.span, value: name.name };
    globals.set(name.name, { head, path: [...path.terms.slice(1), own], used: false });
  }
  for (const imported of imports) {
    if (isLanguageImport(imported)) continue;
    const { terms } = imported.path;
    globals.set(importName(imported), { head: resolvedHead(terms), path: terms.slice(1), used: false });
  }
  return globals;
}

/** Resolves names; `hidden` are the declarations around the place, innermost last. */
export class Resolver {
  readonly #globals: Globals;
  readonly #hidden: Set<string>[];

  constructor(globals: Globals, hidden: Set<string>[]) {
    this.#globals = globals;
    this.#hidden = hidden;
  }

  #lookup(name: string): Global | undefined {
    const global = this.#globals.get(name);
    if (global === undefined) return undefined;
    for (const names of this.#hidden) if (names.has(name)) return undefined;
    global.used = true;
    return global;
  }

  readonly term = (term: Term): Term => {
    switch (term.kind) {
      case "var": {
        const global = this.#lookup(term.name);
        if (global !== undefined) return this.#placed(global, term);
        return term.name === "input" || term.name === "data" ? asRef(term) : term;
      }
      case "ref":
        return this.#ref(term);
      case "arrayComprehension":
      case "setComprehension":
      case "objectComprehension":
        return this.#within([term.body], () => mapTerm(term, this));
      case "object": {
        const object = mapTerm(term, this);
        return object.kind === "object" ? withoutRepeatedKeys(object) : object;
      }
      case "set": {
        const set = mapTerm(term, this);
        return set.kind === "set" ? withoutRepeatedItems(set) : set;
      }
      case "null":
      case "boolean":
      case "number":
      case "string":
      case "call":
      case "array":
      case "templateString":
        return mapTerm(term, this);
    }
  };

  #placed({ head, path }: Global, at: Term): RefTerm {
    if (head !== undefined) head.span = at.span;
    const tail = path.map((part) => ({ ...part, span: at.span }));
    return { kind: "ref", span: at.span, terms: head === undefined ? tail : [head, ...tail] };
  }

  #ref(ref: RefTerm): Term {
    const [head, ...rest] = ref.terms;
    if (head === undefined) return ref;
    // A template string in brackets is not looked into, as in OPA.
    const tail = mapList(rest, (term) => (term.kind === "templateString" ? term : this.term(term)));
    if (head.kind !== "var") {
      const first = this.term(head);
      return first === head && tail === rest ? ref : { ...ref, terms: [first, ...tail] };
    }
    const global = this.#lookup(head.name);
    if (global !== undefined) return { ...ref, terms: [...this.#placed(global, head).terms, ...tail] };
    return tail === rest ? ref : { ...ref, terms: [head, ...tail] };
  }

  #within<T>(bodies: readonly Body[], run: () => T): T {
    const names = new Set<string>();
    for (const body of bodies) addDeclared(body, names);
    this.#hidden.push(names);
    const result = run();
    this.#hidden.pop();
    return result;
  }

  readonly expression = (expression: Expression): Expression => {
    if (expression.kind !== "every") return mapExpression(expression, this);
    const names = new Set([expression.value.name]);
    if (expression.key !== undefined) names.add(expression.key.name);
    this.#hidden.push(names);
    const domain = this.term(expression.domain);
    const body = this.body(expression.body);
    this.#hidden.pop();
    const modifiers = mapList(expression.with, (modifier) => mapWith(modifier, this));
    return { ...expression, with: modifiers, domain, body };
  };

  readonly body = (body: Body): Body => mapList(body, this.expression);
}

/** Collects what an argument binds, or finds the root document that it would hide. */
function argumentNames(term: Term, names: Set<string>): Term | undefined {
  if (isRootDocument(term)) return term;
  switch (term.kind) {
    case "var":
      names.add(term.name);
      return undefined;
    case "array":
      return firstOf(term.items, names);
    case "ref":
      return firstOf(term.terms, names);
    case "object":
      return firstOf(term.entries.flat(), names);
    case "null":
    case "boolean":
    case "number":
    case "string":
    case "set":
    case "call":
    case "arrayComprehension":
    case "setComprehension":
    case "objectComprehension":
      return undefined;
    case "templateString": {
      const found: Variables = new Map();
      addTerm(term, { skipCallHead: true }, found);
      for (const name of found.keys()) names.add(name);
      return undefined;
    }
  }
}

function firstOf(terms: readonly Term[], names: Set<string>): Term | undefined {
  for (const term of terms) {
    const found = argumentNames(term, names);
    if (found !== undefined) return found;
  }
  return undefined;
}

function resolveRule(compilation: Compilation, globals: Globals, rule: WorkRule): boolean {
  const names = new Set<string>();
  const hiding = firstOf(rule.head.args ?? [], names);
  if (hiding !== undefined) {
    const [head] = asRef(hiding).terms;
    const name = head?.kind === "var" ? head.name : "";
    compilation.errors.fail(
      problem("rego_compile_error", rule.source.span, `args must not shadow ${name} (use a different variable name)`),
    );
    return false;
  }
  const declared = new Set<string>();
  addDeclared(rule.body, declared);
  const resolver = new Resolver(globals, [names, declared]);
  const { ref, key, value } = rule.head;
  const [name, ...rest] = ref.terms;
  rule.head = {
    ...rule.head,
    ref: name === undefined ? ref : { ...ref, terms: [name, ...rest.map(resolver.term)] },
    ...(key === undefined ? {} : { key: resolver.term(key) }),
    ...(value === undefined ? {} : { value: resolver.term(value) }),
  };
  rule.body = resolver.body(rule.body);
  return true;
}

/** Resolves the names of all modules; answers the imports that nobody used. */
export function resolveReferences(
  compilation: Compilation,
): readonly { readonly module: WorkModule; readonly imported: Import }[] {
  const packages = new Map<string, WorkRule[]>();
  for (const module of compilation.modules) {
    const key = packageKey(module.path);
    const rules = packages.get(key);
    if (rules === undefined) packages.set(key, [...module.rules]);
    else for (const rule of module.rules) rules.push(rule);
  }
  const unused: { module: WorkModule; imported: Import }[] = [];
  for (const module of compilation.modules) {
    const globals = globalsOf(module.path, packages.get(packageKey(module.path)) ?? [], module.imports);
    for (const first of module.rules) {
      for (const rule of elseChain(first)) if (!resolveRule(compilation, globals, rule)) break;
    }
    for (const imported of module.imports) {
      if (isLanguageImport(imported)) continue;
      if (globals.get(importName(imported))?.used !== true) unused.push({ module, imported });
    }
  }
  return unused;
}

/** The path of a package as a key. */
export function packageKey(path: RefTerm): string {
  return JSON.stringify(path.terms.map((term) => (term.kind === "string" ? term.value : "")));
}
