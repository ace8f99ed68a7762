/**
 * What is known to be plain: JSON as the caller gave it, or arrays, objects and texts made of such. Of a plain value
 * generated code reads `value?.name`, with no look at what it is. Found over the whole policy: a function's parameter is
 * plain where every call hands over something plain.
 */
import type { Goal, Group, Operand, Plan } from "./plan.ts";
import type { Term } from "../syntax/ast.ts";

/** `set` is a set whose elements are plain, or an object of ours whose keys and values are. */
export type Shape = "plain" | "set" | "any";

/** What the analysis gives the emitter. */
export interface Shapes {
  /** The variables of a body or an entry, by its list of goals. */
  readonly locals: ReadonlyMap<readonly Goal[], ReadonlyMap<number, Shape>>;
  /** The document of each group, or the result of each function. */
  readonly results: ReadonlyMap<string, Shape>;
}

/** While the analysis runs: undefined is what nothing has been seen of yet. */
type Seen = Shape | undefined;

const nothing: Shapes = { locals: new Map(), results: new Map() };

/** The shapes of a policy. `plain` says whether input and base data are; `isScalar` which builtins give a scalar. */
export function shapesOf(
  plan: Pick<Plan, "groups" | "entries">,
  plain: boolean,
  isScalar: (builtin: string) => boolean,
): Shapes {
  if (!plain) return nothing;
  const analysis = new Analysis(plan.groups, isScalar);
  for (analysis.changed = true; analysis.changed;) {
    analysis.changed = false;
    for (const group of plan.groups) analysis.group(group);
    for (const entry of plan.entries) analysis.body(entry.goals, new Map());
  }
  return {
    locals: new Map([...analysis.locals].map(([goals, known]) => [goals, settled(known)])),
    results: settled(analysis.results),
  };
}

/** What nothing was seen of may be anything. */
function settled<K>(seen: ReadonlyMap<K, Seen>): ReadonlyMap<K, Shape> {
  return new Map([...seen].map(([key, shape]) => [key, shape ?? "any"]));
}

type Known = Map<number, Seen>;

/** Starts from nothing seen, and goes through the bodies until nothing new is seen. */
class Analysis {
  readonly results = new Map<string, Seen>();
  readonly locals = new Map<readonly Goal[], ReadonlyMap<number, Seen>>();
  changed = true;
  readonly #params = new Map<string, Seen[]>();
  readonly #isScalar: (builtin: string) => boolean;

  constructor(groups: readonly Group[], isScalar: (builtin: string) => boolean) {
    this.#isScalar = isScalar;
    for (const group of groups) {
      this.results.set(group.id, group.kind === "set" || group.kind === "object" ? "set" : "plain");
      if (group.kind === "function")
        this.#params.set(
          group.id,
          group.params.map((): Shape => "plain"),
        );
    }
  }

  group(group: Group): void {
    const known: Known = new Map();
    if (group.kind === "function") {
      const shapes = this.#params.get(group.id) ?? [];
      for (const [at, param] of group.params.entries()) known.set(param.id, shapes[at]);
    }
    if (group.kind === "complete" || group.kind === "function") {
      const bodies = group.default === undefined ? group.chains.flat() : [...group.chains.flat(), group.default];
      for (const body of bodies) this.#result(group.id, this.#valueOf(body.goals, body.value, known));
      return;
    }
    // What is asked for may be anything.
    for (const { params, bodies } of group.selections) {
      const asked = new Map(params.map((param): [number, Seen] => [param.id, "any"]));
      for (const body of bodies) this.body(body.goals, asked);
    }
    if (group.kind === "set") {
      for (const body of group.bodies) this.#result(group.id, holderOf(this.#valueOf(body.goals, body.value, known)));
      return;
    }
    for (const body of group.bodies) {
      const inner = this.body(body.goals, known);
      const [key, ...more] = body.keys;
      const isFlat = key !== undefined && more.length === 0 && body.leaf === "value";
      this.#result(
        group.id,
        isFlat ? holderOf(allPlain([this.#shape(key, inner), this.#shape(body.value, inner)])) : "any",
      );
    }
  }

  #valueOf(goals: readonly Goal[], value: Operand, known: Known): Seen {
    return this.#shape(value, this.body(goals, known));
  }

  /** The shapes of a body's variables. */
  body(goals: readonly Goal[], outer: Known): Known {
    const known = new Map(outer);
    this.#goals(goals, known);
    this.locals.set(goals, known);
    return known;
  }

  #result(group: string, shape: Seen): void {
    const before = this.results.get(group);
    const after = meet(before, shape);
    if (after === before) return;
    this.results.set(group, after);
    this.changed = true;
  }

  #goals(goals: readonly Goal[], known: Known): void {
    for (const goal of goals) this.#goal(goal, known);
  }

  #goal(goal: Goal, known: Known): void {
    switch (goal.kind) {
      case "assign":
        known.set(goal.local.id, this.#shape(goal.value, known));
        return;
      case "iterate":
      case "every": {
        const over = this.#shape(goal.over, known);
        const element = elementOf(over);
        if (goal.key !== undefined) known.set(goal.key.id, element);
        if (goal.value !== undefined) known.set(goal.value.id, element);
        if (goal.kind === "every") this.#goals(goal.goals, known);
        return;
      }
      case "join":
        for (const row of goal.rows) known.set(row.id, "plain");
        return;
      case "enumerate":
        known.set(goal.key.id, "plain");
        return;
      case "call":
        this.#call(goal, known);
        return;
      case "relate":
        known.set(goal.result.id, "any");
        return;
      case "collect": {
        this.#goals(goal.goals, known);
        const item = this.#shape(goal.value, known);
        known.set(goal.into.id, goal.form === "set" ? holderOf(item) : item === "set" ? "any" : item);
        return;
      }
      case "collectObject":
        this.#goals(goal.goals, known);
        known.set(goal.into.id, holderOf(allPlain([this.#shape(goal.key, known), this.#shape(goal.value, known)])));
        return;
      case "not":
      case "with":
        this.#goals(goal.goals, known);
        return;
      case "or":
        for (const alternative of goal.alternatives) this.#goals(alternative, known);
        return;
      case "test":
      case "equal":
      case "shape":
      case "comparable":
      case "admit":
      case "holds":
      case "fail":
    }
  }

  #call(goal: Goal & { readonly kind: "call" }, known: Known): void {
    const { callee, args, result } = goal;
    if (callee.kind === "builtin") {
      if (result !== undefined) known.set(result.id, this.#builtin(callee.name, args, known));
      return;
    }
    const params = this.#params.get(callee.group) ?? [];
    for (const [at, arg] of args.entries()) {
      const before = params[at];
      const after = meet(before, this.#shape(arg, known));
      if (after === before) continue;
      params[at] = after;
      this.changed = true;
    }
    if (result !== undefined) known.set(result.id, this.results.get(callee.group));
  }

  #builtin(name: string, args: readonly Operand[], known: Known): Seen {
    if (this.#isScalar(name)) return "plain";
    const shapes = args.map((arg) => this.#shape(arg, known));
    // They hand on parts of what they get, or lists of texts.
    if (name === "object.get" || name === "array.concat" || name === "array.slice" || name === "split") {
      return allPlain(shapes);
    }
    if (name === "and" || name === "or" || name === "minus") {
      const seen = allPlain(shapes.map((shape) => (shape === "set" ? "plain" : shape)));
      return seen === "plain" ? "set" : seen;
    }
    return "any";
  }

  #shape(operand: Operand, known: Known): Seen {
    switch (operand.kind) {
      case "input":
      case "base":
        return "plain";
      case "constant":
        return isPlainTerm(operand.term) ? "plain" : "any";
      case "local":
        return known.get(operand.id);
      case "lookup":
        return elementOf(this.#shape(operand.of, known));
      case "document":
        return this.results.get(operand.group);
      case "entry":
        return elementOf(this.results.get(operand.group));
      case "array":
        return allPlain(operand.items.map((item) => this.#shape(item, known)));
      case "set": {
        const seen = allPlain(operand.items.map((item) => this.#shape(item, known)));
        return seen === "plain" ? "set" : seen;
      }
      case "object": {
        const names = operand.entries.every(([key]) => key.kind === "constant" && key.term.kind === "string");
        return names ? allPlain(operand.entries.map(([, value]) => this.#shape(value, known))) : "any";
      }
      case "extent":
      case "child":
        return "any";
    }
  }
}

/** What the elements of something are. */
function elementOf(of: Seen): Seen {
  return of === "set" ? "plain" : of;
}

/** What a set of such elements is, or an object of ours of such keys and values. */
function holderOf(part: Seen): Seen {
  return part === "plain" ? "set" : part === undefined ? undefined : "any";
}

/** What is made of these parts. */
function allPlain(parts: readonly Seen[]): Seen {
  if (parts.some((part) => part === "any" || part === "set")) return "any";
  return parts.includes(undefined) ? undefined : "plain";
}

/** What is known where either may be. */
function meet(a: Seen, b: Seen): Seen {
  if (a === undefined || a === b) return b;
  return b === undefined ? a : "any";
}

function isPlainTerm(term: Term): boolean {
  switch (term.kind) {
    case "set":
      return false;
    case "array":
      return term.items.every(isPlainTerm);
    case "object":
      return term.entries.every(([key, value]) => key.kind === "string" && isPlainTerm(value));
    default:
      return true;
  }
}
