/** Plan → Code: the text of a policy's module. */
import type { Callee, Entry, Goal, Operand, Plan } from "../plan/plan.ts";
import { inputReads, type Reads } from "../plan/reads.ts";
import { shapesOf } from "../plan/shapes.ts";
import type { Span } from "../source.ts";
import { print, type Statement } from "./block.ts";
import { type Code, comment, join, js } from "./fragment.ts";
import { FunctionUnit } from "./function-unit.ts";
import { emitGoals } from "./goal.ts";
import { emitOperand } from "./operand.ts";
import { listedGroups } from "./listed.ts";
import { emitGroup, emitOccurrences, emitSelection } from "./rule.ts";
import { sharedCalls } from "./shared-calls.ts";
import { type RuntimeName, runtimeNames } from "./runtime-names.ts";
import { emitChild, emitExtent, emitNames } from "./tree.ts";
import { entryId, Unit } from "./unit.ts";

/** A policy as text, and what the text needs to run. */
export interface Emitted {
  /** Functions and constants; the last statement of a module or function around it gives `policy` away. */
  readonly text: string;
  readonly runtime: readonly RuntimeName[];
  /** Builtins by name, and what the text calls them. */
  readonly builtins: readonly (readonly [name: string, identifier: string])[];
  /** Places that errors refer to by number. */
  readonly spans: readonly Span[];
  /** The names of each entry's variables, in the order in which solutions hold their values. */
  readonly variables: ReadonlyMap<string, readonly string[]>;
  /** The slots of the memo, each with the keys of the input that its document reads; undefined for all of it. */
  readonly slots: ReadonlyMap<string, Reads>;
  /** The slots whose documents depend on nothing but the input. */
  readonly pure: ReadonlySet<string>;
}

/** How to write a module. */
export interface EmitOptions {
  /** Whether input and base data are known to be plain JSON: objects, arrays and primitives, no sets. */
  readonly plain: boolean;
  /** Whether somebody sees the order in which bodies go on, because `print` is kept. */
  readonly ordered: boolean;
  /** Whether a body may be gone through again for an element that a set was given twice: nobody counts. */
  readonly repeats: boolean;
  /** Whether all bodies of a rule run, though the first that holds would do. */
  readonly exhaustive: boolean;
  /** Whether a builtin gives nothing but null, booleans, numbers and strings. */
  readonly isScalar: (builtin: string) => boolean;
  /** Whether a builtin depends on its arguments alone. */
  readonly isPure: (builtin: string) => boolean;
}

/** Writes a plan as JavaScript. */
export function emit(plan: Plan, options: EmitOptions): Emitted {
  const plain = options.plain && !replacesDocuments(plan);
  const isWatched = options.ordered || !options.repeats;
  const listed = isWatched ? new Set<string>() : listedGroups(plan.groups);
  const shared = isWatched ? new Map<Goal, string>() : sharedCalls(plan);
  const shapes = shapesOf(plan, plain, options.isScalar);
  const { exhaustive } = options;
  const unit = new Unit(plan, { plain, exhaustive, listed, sharedCalls: shared }, shapes, runtimeNames);
  nameEverything(unit, plan);
  const entries = plan.entries.map((entry) => emitEntry(unit, entry));
  const { groups, tree } = emitFunctions(unit, options.ordered);
  const slots = unit.slots.map(({ name }) => js`${name}: ${unit.runtime("notKnown")},`);
  const memo: Statement[] =
    slots.length === 0 ? [js`return {};`] : [js`return {`, { kind: "indented", body: slots }, js`};`];
  const head = print([...unit.constants, { kind: "block", head: js`function newMemo()`, body: memo }]);
  const table = plan.entries.map((entry) => emitTableEntry(unit, entry));
  const policy = print([js`const policy = { newMemo, entries: [${join(table, ", ")}] };`]);
  const dependences = inputReads(plan, options.isPure);
  return {
    slots: new Map(unit.slots.map(({ group, name }) => [name.text, dependences.get(group)?.reads])),
    pure: new Set(unit.slots.flatMap(({ group, name }) => (dependences.get(group)?.pure === true ? [name.text] : []))),
    text: [head, ...entries, ...groups, ...unit.extraFunctions, ...tree, policy].join("\n"),
    runtime: unit.runtimeUsed,
    builtins: unit.builtinsUsed.map(([name, code]) => [name, code.text]),
    spans: unit.spans,
    variables: new Map(plan.entries.map((entry) => [entry.name, entry.variables.map(([name]) => name)])),
  };
}

/** Whether a `with` may put a value of any kind where input or base data was. */
function replacesDocuments(plan: Plan): boolean {
  if (plan.masks.length > 0) return true;
  const bodies = [
    ...plan.entries.map((entry) => entry.goals),
    ...plan.groups.flatMap((group) =>
      "bodies" in group ? group.bodies.map((body) => body.goals) : group.chains.flat().map((body) => body.goals),
    ),
  ];
  return bodies.some((goals) => some(goals, (goal) => goal.kind === "with"));
}

function some(goals: readonly Goal[], claim: (goal: Goal) => boolean): boolean {
  return goals.some((goal) => {
    if (claim(goal)) return true;
    if ("goals" in goal) return some(goal.goals, claim);
    return goal.kind === "or" && goal.alternatives.some((inner) => some(inner, claim));
  });
}

/** Gives functions and builtins their names before any local gets one. */
function nameEverything(unit: Unit, plan: Plan): void {
  for (const name of ["newMemo", "policy", "runtime", "builtins", "builtin"]) unit.names.reserve(name);
  for (const entry of plan.entries) {
    unit.function(`solve:${entry.name}`, `solve_${entry.name}`);
    if (entry.document !== undefined) unit.function(`read:${entry.name}`, `read_${entry.name}`);
  }
  for (const { id } of plan.groups) {
    const { text } = unit.group(id);
    if (unit.listed.has(id)) unit.function(`each:${id}`, `each_${text}`);
  }
  for (const group of plan.groups) {
    for (const { params } of "selections" in group ? group.selections : []) {
      const { text } = unit.group(group.id);
      unit.function(entryId(group.id, params.length), `${text}_entry`);
      unit.function(`part:${params.length}:${group.id}`, `${text}_part`);
    }
  }
  for (const interior of plan.interiors) {
    const { text } = unit.interior(interior.id);
    unit.function(`names:${interior.id}`, `${text}_names`);
  }
  const name = (callee: Callee): void => {
    if (callee.kind === "builtin") unit.nameBuiltin(callee.name);
  };
  const visit = (goals: readonly Goal[]): void => {
    for (const goal of goals) {
      if (goal.kind === "call") name(goal.callee);
      if (goal.kind === "relate") unit.nameBuiltin(goal.name);
      if (goal.kind === "with") {
        for (const change of goal.changes) if (change.kind === "mockCall") name(change.callee);
      }
      if ("goals" in goal) visit(goal.goals);
      if (goal.kind === "or") for (const inner of goal.alternatives) visit(inner);
    }
  };
  for (const entry of plan.entries) visit(entry.goals);
  for (const group of plan.groups) {
    const bodies =
      "bodies" in group
        ? group.bodies
        : [...group.chains.flat(), ...(group.default === undefined ? [] : [group.default])];
    for (const body of bodies) visit(body.goals);
  }
}

/** The functions of the groups, and of the paths above them. A set that is only gone through needs no set. */
function emitFunctions(unit: Unit, ordered: boolean): { readonly groups: string[]; readonly tree: string[] } {
  const { groups } = unit.plan;
  const texts = new Map<string, string>();
  for (const group of groups) if (!unit.listed.has(group.id)) texts.set(group.id, emitGroup(unit, group, ordered));
  let tree: string[] = [];
  for (let before = -1; before !== texts.size;) {
    before = texts.size;
    tree = emitTree(unit);
    for (const group of groups) {
      const each = `each:${group.id}`;
      if (unit.isUsed(group.id) && !texts.has(group.id)) texts.set(group.id, emitGroup(unit, group, ordered));
      if (group.kind === "set" && unit.isUsed(each) && !texts.has(each)) texts.set(each, emitOccurrences(unit, group));
      for (const { params } of "selections" in group ? group.selections : []) {
        const id = entryId(group.id, params.length);
        if (!("selections" in group) || !unit.isUsed(id) || texts.has(id)) continue;
        texts.set(id, emitSelection(unit, group, params.length));
      }
    }
  }
  const inOrder = groups.flatMap((group) => [
    texts.get(group.id),
    texts.get(`each:${group.id}`),
    ...("selections" in group ? group.selections : []).map(({ params }) => texts.get(entryId(group.id, params.length))),
  ]);
  return { groups: inOrder.filter((text) => text !== undefined), tree };
}

/** The functions of interiors and of dynamic references that something uses; those may use others in turn. */
function emitTree(unit: Unit): string[] {
  const written = new Map<string, string>();
  for (let before = -1; before !== written.size;) {
    before = written.size;
    for (const interior of unit.plan.interiors) {
      if (written.has(interior.id)) continue;
      if (unit.isUsed(interior.id)) written.set(interior.id, emitExtent(unit, interior));
    }
    for (const interior of unit.plan.interiors) {
      const id = `names:${interior.id}`;
      if (!written.has(id) && unit.isUsed(id)) written.set(id, emitNames(unit, interior));
    }
    for (const child of unit.children) {
      if (!written.has(child.name.text)) written.set(child.name.text, emitChild(unit, child));
    }
  }
  return [...written.values()];
}

function emitEntry(unit: Unit, entry: Entry): string {
  const texts = [emitSolve(unit, entry)];
  if (entry.document !== undefined) texts.push(emitRead(unit, entry, entry.document));
  return texts.join("\n");
}

/** All solutions of a query, each a list of its variables' values. */
function emitSolve(unit: Unit, entry: Entry): string {
  const fn = new FunctionUnit(unit);
  // Solutions are seen in the order in which they are found.
  fn.ordered = true;
  fn.startBody([], entry.goals);
  const solutions = fn.fresh("solutions");
  const label = fn.label("query");
  const statements: Statement[] = [];
  const start = { block: statements, fail: () => label.break(), context: js`c` };
  const at = emitGoals(fn, start, entry.goals);
  const values = entry.variables.map(([, value]) => emitOperand(fn, at.context, value));
  at.block.push(js`${solutions}.push([${join(values, ", ")}]);`);
  const state: Statement[] = fn.prologue();
  const name = unit.function(`solve:${entry.name}`, "solve");
  const body: Statement[] = [
    ...state,
    js`const ${solutions} = [];`,
    { kind: "block", label, body: statements },
    js`return ${solutions};`,
  ];
  return print([comment(`query: ${entry.name}`), { kind: "block", head: js`function ${name}(c)`, body }]);
}

/** The document that a query names. */
function emitRead(unit: Unit, entry: Entry, document: Operand): string {
  const fn = new FunctionUnit(unit);
  const name = unit.function(`read:${entry.name}`, "read");
  const value = emitOperand(fn, js`c`, document);
  return print([{ kind: "block", head: js`function ${name}(c)`, body: [js`return ${value};`] }]);
}

function emitTableEntry(unit: Unit, entry: Entry): Code {
  const solve = unit.function(`solve:${entry.name}`, "solve");
  if (entry.document === undefined) return js`{ name: ${entry.name}, solve: ${solve} }`;
  const read = unit.function(`read:${entry.name}`, "read");
  return js`{ name: ${entry.name}, solve: ${solve}, read: ${read} }`;
}
