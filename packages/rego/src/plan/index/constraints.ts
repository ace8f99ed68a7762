/**
 * What the rules of one document ask of what is there before their bodies run. It follows OPA's index of rules step by
 * step, down to what that leaves out, since it decides which bodies are gone through at all.
 */
import { pathSegment } from "../../check/program.ts";
import type { CallExpression, Expression, LogicalOperand, Rule, Term } from "../../syntax/ast.ts";
import { builtinName } from "../call.ts";
import type { DocumentNode } from "../documents.ts";
import {
  anything,
  type Constraint,
  isConstant,
  isScalar,
  isVariable,
  type Place,
  placeKey,
  type Relation,
  sameValue,
} from "./constraint.ts";
import { patternOf } from "./glob-pattern.ts";

/** Constraints that hold together. */
export type Path = readonly Constraint[];

/** A key that base data must have at a place. */
export interface Membership {
  readonly key: Place;
  readonly collection: Place;
}

/** How many values reach a place, and what that costs the levels after it. */
export type Alternation = 0 | 1 | 2;

/** The places that the rules of one document ask about, numbered. */
export class Places {
  readonly list: Place[] = [];
  /** How often each was asked about. */
  readonly counts: number[] = [];
  readonly alternations: Alternation[] = [];
  readonly #numbers = new Map<string, number>();

  number(place: Place): number {
    const key = placeKey(place);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.list.push(place) - 1;
    this.counts.push(0);
    this.alternations.push(0);
    this.#numbers.set(key, number);
    return number;
  }

  count(place: number, times = 1): void {
    this.counts[place] = (this.counts[place] ?? 0) + times;
  }

  alternate(place: number, kind: Alternation): void {
    if (kind > (this.alternations[place] ?? 0)) this.alternations[place] = kind;
  }
}

/** Ways to reach one rule beyond this are not told apart. */
const manyWays = 32;

/** What one body asks, or one operand of `and` or `or`. */
export class BodyConstraints {
  readonly #places: Places;
  readonly #root: DocumentNode;
  readonly #args: readonly Term[];
  /** What is known outside an operand: its variables stand for places in it too. */
  readonly #outer: Path;
  readonly #own: Constraint[] = [];
  readonly #either: (readonly Path[])[] = [];
  readonly #memberships: Membership[] = [];

  constructor(places: Places, root: DocumentNode, args: readonly Term[], outer: Path = []) {
    this.#places = places;
    this.#root = root;
    this.#args = args;
    this.#outer = outer;
  }

  /** What the body of a rule asks. */
  static of(places: Places, root: DocumentNode, rule: Rule): BodyConstraints {
    const found = new BodyConstraints(places, root, rule.head.args ?? []);
    if (!rule.body.some(isPrint)) found.#body(rule.body, new Map());
    return found;
  }

  get memberships(): readonly Membership[] {
    return this.#memberships;
  }

  get own(): Path {
    return this.#own;
  }

  get either(): readonly (readonly Path[])[] {
    return this.#either;
  }

  /** Every set of constraints that leads to the rule: what always holds, with one way of each `or`. */
  get paths(): readonly Path[] {
    let paths: readonly Path[] = [this.#own];
    for (const ways of this.#either) {
      if (paths.length * ways.length > manyWays) return [this.#own];
      paths = paths.flatMap((path) => ways.map((way) => [...path, ...way]));
    }
    return paths;
  }

  #body(body: readonly Expression[], constants: Map<string, Term>): void {
    for (const expression of body) this.#expression(expression, constants);
  }

  #expression(written: Expression, constants: Map<string, Term>): void {
    if (written.with.length > 0 || written.negated) return;
    switch (written.kind) {
      case "and":
        for (const ways of written.operands.map((operand) => this.#ways(operand, constants))) this.#require(ways);
        return;
      case "or": {
        const ways = written.operands.map((operand) => this.#ways(operand, constants));
        // An operand that asks nothing may hold whatever there is.
        if (ways.every((one) => one.length > 0)) this.#require(ways.flat());
        return;
      }
      case "term": {
        const term = plug(written.term, constants);
        if (isReference(term) && !this.#keyOfCollection(term)) this.#equal(term, anything(term.span), constants);
        return;
      }
      case "call":
        this.#call(
          written,
          written.args.map((arg) => plug(arg, constants)),
          constants,
        );
        return;
      default:
    }
  }

  #call({ operator }: CallExpression, args: readonly Term[], constants: Map<string, Term>): void {
    const name = builtinName(operator);
    const [a, b, c] = args;
    if (a === undefined || b === undefined) return;
    if (name === "glob.match" && args.length === 3 && c !== undefined) {
      this.#glob(a, b, c);
      return;
    }
    // With one argument more the result is wanted, and `false` is one.
    if (args.length !== 2) return;
    switch (name) {
      case "eq":
      case "equal":
        if (!this.#element(a, b, constants) && !this.#element(b, a, constants)) this.#equal(a, b, constants);
        return;
      case "internal.member_2":
        this.#member(a, b, constants);
        return;
      case "startswith":
        this.#affix(a, b, "prefix", constants);
        return;
      case "endswith":
        this.#affix(a, b, "suffix", constants);
        return;
      case "strings.any_prefix_match":
        this.#affixes(a, b, "prefix", constants);
        return;
      case "strings.any_suffix_match":
        this.#affixes(a, b, "suffix", constants);
        return;
      default:
    }
  }

  /** The ways in which an operand can hold; none where nothing of it is known. What it binds is not seen outside. */
  #ways(operand: LogicalOperand, constants: ReadonlyMap<string, Term>): readonly Path[] {
    const inner = new BodyConstraints(this.#places, this.#root, this.#args, [...this.#own, ...this.#outer]);
    inner.#body(operand.body, new Map(constants));
    const { paths } = inner;
    if (paths.length === 1 && paths[0]?.length === 0) return [];
    return paths.map((path) =>
      path.map((one) => (isVariable(one.value) ? { ...one, value: anything(one.value.span) } : one)),
    );
  }

  #require(ways: readonly Path[]): void {
    const [only, ...more] = ways;
    if (only === undefined) return;
    if (more.length === 0) {
      for (const constraint of only) this.#insert(constraint);
      return;
    }
    for (const constraint of ways.flat()) this.#places.count(constraint.place);
    this.#either.push(ways);
  }

  #equal(a: Term, b: Term, constants: Map<string, Term>): void {
    if (!this.#sides(a, b, constants)) this.#sides(b, a, constants);
  }

  #sides(a: Term, b: Term, constants: Map<string, Term>): boolean {
    if (isVariable(a)) {
      if (isConstant(b)) constants.set(a.name, b);
      else if (isVariable(b)) {
        const known = constants.get(b.name);
        if (known !== undefined) constants.set(a.name, known);
      }
      const place = isIndexed(b) ? this.#placeOfVariable(a.name) : undefined;
      if (place === undefined) return false;
      this.#insert({ place, value: b, relation: "same" });
      return true;
    }
    const place = isReference(a) ? this.#placeOf(a) : undefined;
    if (place === undefined || !this.#isBase(place)) return false;
    const value = isVariable(b) ? (constants.get(b.name) ?? b) : isIndexed(b) ? b : undefined;
    if (value === undefined) return false;
    this.#insert({ place: this.#places.number(place), value, relation: "same" });
    return true;
  }

  /** `input.xs[_] = constant`. */
  #element(a: Term, b: Term, constants: ReadonlyMap<string, Term>): boolean {
    if (a.kind !== "ref") return false;
    const last = a.terms.at(-1);
    if (a.terms.length < 2 || last === undefined || isGround(last)) return false;
    const place = this.#placeOf({ ...a, terms: a.terms.slice(0, -1) });
    if (place === undefined || !this.#isBase(place)) return false;
    const value = isVariable(b) ? constants.get(b.name) : b;
    if (value === undefined || !isScalar(value)) return false;
    this.#insert({ place: this.#places.number(place), value, relation: "member" });
    return true;
  }

  #member(a: Term, b: Term, constants: ReadonlyMap<string, Term>): void {
    const place = isVariable(a) ? this.#placeOfVariable(a.name) : undefined;
    if (place !== undefined) {
      const collection = isVariable(b) ? constants.get(b.name) : b;
      const members = collection === undefined ? [] : membersOf(collection);
      if (!members.some(isVariable)) this.#insertAll(place, members, "same");
      return;
    }
    const value = isVariable(a) ? (constants.get(a.name) ?? a) : a;
    if (!isVariable(value) && !isScalar(value)) return;
    const collection = this.#baseOf(b);
    if (collection === undefined) return;
    this.#insert({ place: collection, value, relation: isVariable(value) ? "same" : "member" });
  }

  #affix(a: Term, b: Term, relation: Relation, constants: ReadonlyMap<string, Term>): void {
    const place = this.#baseOf(a);
    const value = isVariable(b) ? constants.get(b.name) : b;
    if (place !== undefined && value?.kind === "string") this.#insert({ place, value, relation });
  }

  #affixes(a: Term, b: Term, relation: Relation, constants: ReadonlyMap<string, Term>): void {
    const place = this.#baseOf(a);
    const value = isVariable(b) ? constants.get(b.name) : b;
    if (place === undefined || value === undefined) return;
    if (value.kind === "string") this.#insert({ place, value, relation });
    if (value.kind !== "array" && value.kind !== "set") return;
    if (value.items.every((item) => item.kind === "string")) this.#insertAll(place, value.items, relation);
  }

  #glob(pattern: Term, delimiters: Term, match: Term): void {
    const found = patternOf(pattern, delimiters);
    const place = isVariable(match) ? this.#placeOfVariable(match.name) : undefined;
    if (found !== undefined && place !== undefined) this.#insert({ place, relation: "same", ...found });
  }

  /** `data.groups.g1[key]`: a key that is known, of a collection in base data. */
  #keyOfCollection(term: Term): boolean {
    if (term.kind !== "ref") return false;
    const [head, ...rest] = term.terms;
    const last = rest.at(-1);
    if (head?.kind !== "var" || head.name !== "data" || last === undefined) return false;
    const collection = this.#placeOf({ ...term, terms: term.terms.slice(0, -1) });
    if (collection === undefined || this.#isVirtual(collection)) return false;
    const key = this.#placeOfKey(last);
    if (key === undefined || this.#isVirtual(key)) return false;
    const text = placeKey(key) + placeKey(collection);
    if (!this.#memberships.some((other) => placeKey(other.key) + placeKey(other.collection) === text)) {
      this.#memberships.push({ key, collection });
      this.#places.count(this.#places.number(key));
    }
    return true;
  }

  #placeOfKey(term: Term): Place | undefined {
    if (isReference(term)) return this.#placeOf(term);
    const number = isVariable(term) ? this.#placeOfVariable(term.name) : undefined;
    return number === undefined ? undefined : this.#places.list[number];
  }

  /** The number of the place in input or base data that a term stands for. */
  #baseOf(term: Term): number | undefined {
    const number = isVariable(term) ? this.#placeOfVariable(term.name) : undefined;
    const place =
      number === undefined ? (isReference(term) ? this.#placeOf(term) : undefined) : this.#places.list[number];
    return place === undefined || !this.#isBase(place) ? undefined : this.#places.number(place);
  }

  /** The place that a ref names, where all of its keys are known. */
  #placeOf(term: Term): Place | undefined {
    const [head, ...keys] = term.kind === "ref" ? term.terms : [term];
    if (head?.kind !== "var" || !keys.every(isGround)) return undefined;
    if (head.name === "input" || head.name === "data") {
      return { root: head.name, argument: 0, keys, at: head.span };
    }
    const number = this.#placeOfVariable(head.name);
    const place = number === undefined ? undefined : this.#places.list[number];
    return place === undefined ? undefined : { ...place, keys: [...place.keys, ...keys] };
  }

  /** The number of the place that a variable stands for: what was read into it, or an argument. */
  #placeOfVariable(name: string): number | undefined {
    for (const { place, value } of [...this.#own, ...this.#outer]) {
      if (value.kind === "var" && value.name === name) return place;
    }
    const argument = this.#args.findIndex((arg) => arg.kind === "var" && arg.name === name);
    if (argument === -1) return undefined;
    return this.#places.number({ root: "argument", argument, keys: [], at: undefined });
  }

  #isBase(place: Place): boolean {
    return place.root !== "argument" && !this.#isVirtual(place);
  }

  /** Whether rules have a hand in a place. */
  #isVirtual({ root, keys }: Place): boolean {
    if (root !== "data") return false;
    let node: DocumentNode | undefined = this.#root;
    for (const key of keys) {
      if (node.kind !== "interior") return true;
      node = isScalar(key) ? node.children.get(pathSegment(key)) : undefined;
      if (node === undefined) return false;
    }
    return true;
  }

  /** Several values by any of which a place is reached. */
  #insertAll(place: number, values: readonly Term[], relation: Relation): void {
    for (const value of values) this.#insert({ place, value, relation });
    // Each one counts, though only the first is the first that is asked of the place.
    const counted = values.length - 1;
    if (counted > 0) this.#places.count(place, counted);
  }

  #insert(constraint: Constraint): void {
    const { place, value, relation } = constraint;
    let isKnown = false;
    for (const [at, other] of this.#own.entries()) {
      if (other.place !== place) continue;
      isKnown = true;
      if (other.relation === relation && sameValue(other.value, value)) return;
      const isAffix = relation === "prefix" || relation === "suffix";
      if (isVariable(value)) continue;
      if (isVariable(other.value)) {
        if (isAffix) continue;
        // What is known better takes its place.
        this.#own[at] = constraint;
        return;
      }
      const isOther = other.relation === "prefix" || other.relation === "suffix";
      this.#places.alternate(place, isAffix || isOther ? 2 : 1);
    }
    if (!isKnown) this.#places.count(place);
    this.#own.push(constraint);
  }
}

/** Whether a body prints: such a rule is never left out. */
function isPrint(expression: Expression): boolean {
  if (expression.kind === "call") return builtinName(expression.operator) === "internal.print";
  if (expression.kind === "not" || expression.kind === "every") return expression.body.some(isPrint);
  if (expression.kind === "and" || expression.kind === "or") {
    return expression.operands.some(({ body }) => body.some(isPrint));
  }
  return false;
}

/** Whether a term is a ref, or `input` or `data` as such. */
function isReference(term: Term): boolean {
  return term.kind === "ref" || (term.kind === "var" && !isVariable(term));
}

function isGround(term: Term): boolean {
  return isConstant(term);
}

/** Whether the index takes a term: scalars, variables, and arrays of such. */
function isIndexed(term: Term): boolean {
  if (isScalar(term) || isVariable(term)) return true;
  return term.kind === "array" && term.items.every((item) => isScalar(item) || isVariable(item));
}

function membersOf(term: Term): readonly Term[] {
  if (term.kind === "array" || term.kind === "set") return term.items;
  return term.kind === "object" ? term.entries.map(([, value]) => value) : [];
}

/** A ref with constants in the place of the variables that stand for them. */
function plug(term: Term, constants: ReadonlyMap<string, Term>): Term {
  if (term.kind !== "ref") return term;
  const terms = term.terms.map((part, at) => {
    const known = at > 0 && part.kind === "var" ? constants.get(part.name) : undefined;
    return known !== undefined && isScalar(known) ? known : part;
  });
  return { ...term, terms };
}
