/**
 * Functions that are given the names of fields: `has_field(object, "seccompProfile")`. With the name in it a function
 * reads a field where it had to look one up, so there is one of it for each name that is written.
 */
import { ruleKey } from "../check/program.ts";
import type { Alternative, Callee, Condition, Entry, Goal, Group, Insertion, Operand, Selection } from "./plan.ts";
import { resultGroup } from "./result-group.ts";
import { substitute, substituteCondition, substituteOperand, type Substitution } from "./substitute.ts";

type FunctionGroup = Group & { readonly kind: "function" };

/** More goals than this are not written twice. */
const large = 40;

/** With more names than this a function would become too much text. */
const many = 8;

/** The parts of a plan that call functions. */
interface Callers {
  readonly groups: readonly Group[];
  readonly entries: readonly Entry[];
}

/** The groups and entries with such functions. Those in `mocks` are left alone: something else may come in their place. */
export function specialised({ groups, entries }: Callers, mocks: readonly Callee[]): Callers {
  const functions = new Map<string, FunctionGroup>();
  for (const group of groups) if (group.kind === "function") functions.set(group.id, group);
  const names = nameParams(functions);
  if ([...names.values()].every(({ size }) => size === 0)) return { groups, entries };
  const kept = new Set(
    mocks.flatMap((callee) => (callee.kind === "function" ? [callee.group, resultGroup(callee.group)] : [])),
  );
  const called = new Set<string>();
  for (const goals of [...groups.flatMap(bodiesOf), ...entries.map((entry) => entry.goals)]) {
    forCallees(goals, (id, isReplacement) => (isReplacement ? kept : called).add(id));
  }
  const work = new Specialisation(functions, names, kept);
  const changed = new Map<string, Group>();
  for (const group of groups) {
    const isWanted = group.kind !== "function" || kept.has(group.id) || !called.has(group.id);
    if (isWanted) changed.set(group.id, work.within(group));
  }
  const asked = entries.map((entry) => ({ ...entry, goals: substitute(entry.goals, work.calls) }));
  // What is still called as it was written is written, and calls others in turn, as what has the names in it does.
  for (let before = -1; before < work.size;) {
    before = work.size;
    work.finish();
    for (const id of work.whole) {
      const group = functions.get(id);
      if (group !== undefined && !changed.has(id)) changed.set(id, work.within(group));
    }
  }
  const inOrder = groups.flatMap((group) => {
    const own = changed.get(group.id);
    return [...(own === undefined ? [] : [own]), ...work.madeOf(group.id)];
  });
  return { groups: inOrder, entries: asked };
}

/** A function with names in it. */
interface Named {
  /** As it was written, until `finish` has put the names in. */
  group: FunctionGroup;
  /** The names by the numbers of the parameters that they stand for. */
  readonly values: ReadonlyMap<number | undefined, Operand>;
}

class Specialisation {
  /** The functions that are called as they are written. Grows while it is gone through. */
  readonly whole = new Set<string>();
  readonly calls: Substitution = {
    local: () => undefined,
    call: (callee, args) => this.#call(callee, args),
  };
  readonly #functions: ReadonlyMap<string, FunctionGroup>;
  readonly #kept: ReadonlySet<string>;
  readonly #names: ReadonlyMap<string, ReadonlySet<number>>;
  /** What is made of each function, by the names in it. */
  readonly #made = new Map<string, Map<string, Named>>();
  /** All of these, in the order in which they were asked for. Grows while it is gone through: not one within another. */
  readonly #all: Named[] = [];
  #finished = 0;

  constructor(
    functions: ReadonlyMap<string, FunctionGroup>,
    names: ReadonlyMap<string, ReadonlySet<number>>,
    kept: ReadonlySet<string>,
  ) {
    this.#functions = functions;
    this.#names = names;
    this.#kept = kept;
  }

  /** How much there is to do. */
  get size(): number {
    return this.#all.length + this.whole.size;
  }

  /** Writes the functions that were asked for, and those that they ask for. */
  finish(): void {
    for (let next = this.#all[this.#finished]; next !== undefined; next = this.#all[this.#finished]) {
      this.#finished += 1;
      const { group, values } = next;
      next.group = substituted(group, { ...this.calls, local: ({ id }) => values.get(id) });
    }
  }

  madeOf(id: string): readonly FunctionGroup[] {
    return [...(this.#made.get(id)?.values() ?? [])].map(({ group }) => group);
  }

  /** A group with the calls in it changed. */
  within<G extends Group>(group: G): G {
    return substituted(group, this.calls);
  }

  #call(callee: Callee, args: readonly Operand[]): { callee: Callee; args: readonly Operand[] } {
    if (callee.kind !== "function") return { callee, args };
    const group = this.#functions.get(callee.group);
    const names = group === undefined ? undefined : this.#namesIn(group, args);
    const made = group === undefined || names === undefined ? undefined : this.#make(group, names);
    if (names === undefined || made === undefined) {
      this.whole.add(callee.group);
      return { callee, args };
    }
    return { callee: { kind: "function", group: made.group.id }, args: args.filter((_, at) => !names.has(at)) };
  }

  /** The constants among the arguments that are names of fields to the function, by position; undefined where there is none. */
  #namesIn(group: FunctionGroup, args: readonly Operand[]): ReadonlyMap<number, Operand> | undefined {
    if (this.#kept.has(group.id) || group.mock !== undefined) return undefined;
    const names = new Map<number, Operand>();
    for (const at of this.#names.get(group.id) ?? []) {
      const arg = args[at];
      if (arg?.kind === "constant" && arg.term.kind === "string") names.set(at, arg);
    }
    return names.size === 0 ? undefined : names;
  }

  #make(group: FunctionGroup, names: ReadonlyMap<number, Operand>): Named | undefined {
    const made = this.#made.get(group.id) ?? new Map<string, Named>();
    this.#made.set(group.id, made);
    const texts = [...names.values()].map(textOf);
    const key = JSON.stringify([[...names.keys()], texts]);
    const known = made.get(key);
    if (known !== undefined) return known;
    if (made.size >= many || bodiesOf(group).reduce((sum, goals) => sum + sizeOf(goals), 0) > large) return undefined;
    const values = new Map([...names].map(([at, value]) => [group.params[at]?.id, value]));
    const params = group.params.filter((_, at) => !names.has(at));
    const last = [group.path.at(-1) ?? "", ...texts].join("_");
    const id = ruleKey([...group.path.slice(0, -1), `\0named ${this.#all.length}`, last]);
    const own: Named = { group: { ...group, params, id, path: [...group.path, ...texts] }, values };
    made.set(key, own);
    this.#all.push(own);
    return own;
  }
}

function textOf(operand: Operand): string {
  return operand.kind === "constant" && operand.term.kind === "string" ? operand.term.value : "";
}

function substituted<G extends Group>(group: G, by: Substitution): G {
  const conditions = (all: readonly Condition[]): readonly Condition[] =>
    all.map((condition) => substituteCondition(condition, by));
  const body = <B extends Alternative | Insertion>(one: B): B => ({
    ...one,
    admission: { all: conditions(one.admission.all), any: one.admission.any.map(conditions) },
    goals: substitute(one.goals, by),
    value: substituteOperand(one.value, by),
  });
  switch (group.kind) {
    case "complete":
    case "function": {
      const chains = group.chains.map((chain) => chain.map(body));
      return group.default === undefined ? { ...group, chains } : { ...group, chains, default: body(group.default) };
    }
    case "set":
      return { ...group, bodies: group.bodies.map(body), selections: selected(group.selections, body) };
    case "object": {
      const insertion = (one: Insertion): Insertion => ({
        ...body(one),
        keys: one.keys.map((key) => substituteOperand(key, by)),
      });
      return { ...group, bodies: group.bodies.map(insertion), selections: selected(group.selections, insertion) };
    }
  }
}

function selected<T>(selections: readonly Selection<T>[], by: (body: T) => T): readonly Selection<T>[] {
  return selections.map((selection) => ({ ...selection, bodies: selection.bodies.map(by) }));
}

/** For each function the parameters that are looked up in something, by it or by a function that it hands them to. */
function nameParams(functions: ReadonlyMap<string, FunctionGroup>): ReadonlyMap<string, ReadonlySet<number>> {
  const found = new Map<string, Set<number>>();
  /** The parameters that are handed on, by what they are to the function that they are handed to. */
  const handed = new Map<string, (readonly [id: string, at: number])[]>();
  const left: (readonly [id: string, at: number])[] = [];
  const note = (id: string, at: number): void => {
    const own = found.get(id);
    if (own === undefined || own.has(at)) return;
    own.add(at);
    left.push([id, at]);
  };
  for (const id of functions.keys()) found.set(id, new Set());
  for (const { id, params, chains } of functions.values()) {
    const places = new Map(params.map((param, at) => [param.id, at]));
    const placeOf = (operand: Operand): number | undefined =>
      operand.kind === "local" ? places.get(operand.id) : undefined;
    const visit: Substitution = {
      local: () => undefined,
      lookup: (key) => {
        const at = placeOf(key);
        if (at !== undefined) note(id, at);
      },
      call: (callee, args) => {
        for (const [to, arg] of callee.kind === "function" ? args.entries() : []) {
          const at = placeOf(arg);
          if (at === undefined || callee.kind !== "function") continue;
          const place = placeText(callee.group, to);
          const before = handed.get(place);
          if (before === undefined) handed.set(place, [[id, at]]);
          else before.push([id, at]);
        }
        return { callee, args };
      },
    };
    for (const { goals, value } of chains.flat()) {
      substitute(goals, visit);
      substituteOperand(value, visit);
    }
  }
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    for (const [id, at] of handed.get(placeText(...next)) ?? []) note(id, at);
  }
  return found;
}

function placeText(id: string, at: number): string {
  return `${at} ${id}`;
}

function bodiesOf(group: Group): readonly (readonly Goal[])[] {
  if ("bodies" in group) {
    const asked = group.selections.flatMap(({ bodies }): readonly { readonly goals: readonly Goal[] }[] => bodies);
    return [...group.bodies, ...asked].map(({ goals }) => goals);
  }
  return [...group.chains.flat(), ...(group.default === undefined ? [] : [group.default])].map(({ goals }) => goals);
}

function forCallees(goals: readonly Goal[], tell: (id: string, isReplacement: boolean) => void): void {
  for (const goal of goals) {
    if (goal.kind === "call" && goal.callee.kind === "function") tell(goal.callee.group, false);
    if (goal.kind === "with") {
      for (const change of goal.changes) {
        if (change.kind === "mockCall" && change.callee.kind === "function") tell(change.callee.group, true);
      }
    }
    if ("goals" in goal) forCallees(goal.goals, tell);
    if (goal.kind === "or") for (const inner of goal.alternatives) forCallees(inner, tell);
  }
}

function sizeOf(goals: readonly Goal[]): number {
  let size = 0;
  for (const goal of goals) {
    size += 1;
    if ("goals" in goal) size += sizeOf(goal.goals);
    if (goal.kind === "or") for (const inner of goal.alternatives) size += sizeOf(inner);
  }
  return size;
}
