/** Groups of rules as functions. */
import type { Alternative, Chain, Goal, Group, Insertion, Local, Operand, Selection } from "../plan/plan.ts";
import type { Statement } from "./block.ts";
import { print } from "./block.ts";
import { constantKey } from "./constant.ts";
import { type Code, comment, join, js } from "./fragment.ts";
import { emitFirstAnswers, isFixed } from "./first-answer.ts";
import { FunctionUnit } from "./function-unit.ts";
import { emitGoals, type Position } from "./goal.ts";
import { emitOperand } from "./operand.ts";
import { emitDispatch, resultName, type Table, tableOf } from "./dispatch.ts";
import { mayEnd } from "../plan/may-end.ts";
import { emitMasks } from "./tree.ts";
import { entryId, type Unit } from "./unit.ts";

/** Of more rules than this it is not asked which of them are left out before any is evaluated. */
const few = 64;

/** The text of a group's function. */
export function emitGroup(unit: Unit, group: Group, ordered: boolean): string {
  const fn = new FunctionUnit(unit);
  fn.ordered = ordered;
  const params = group.kind === "function" ? group.params.map((param) => fn.local(param)) : [];
  const body: Statement[] = [];
  if (group.kind !== "function") body.push(...emitMasks(unit, group));
  switch (group.kind) {
    case "complete":
    case "function":
      emitComplete(fn, group, body);
      break;
    case "set":
      emitSet(fn, group, body);
      break;
    case "object":
      emitObjectGroup(fn, group, body);
      break;
  }
  const name = unit.group(group.id);
  const state: Statement[] = fn.prologue();
  const head = js`function ${name}(${join([js`c`, ...params], ", ")})`;
  return print([comment(["data", ...group.path].join(".")), { kind: "block", head, body: [...state, ...body] }]);
}

/** The text of the function that lists a set's elements as they are found. */
export function emitOccurrences(unit: Unit, group: Group & { readonly kind: "set" }): string {
  const fn = new FunctionUnit(unit);
  const name = unit.function(`each:${group.id}`, "each");
  const body: Statement[] = [];
  const answer = emitMemo(unit, group, body, name);
  const result = fn.shared("result");
  body.push(js`const ${result} = [];`);
  for (const alternative of group.bodies) {
    emitAlternative(fn, alternative, [], body, (value) => js`${result}.push(${value});`);
  }
  body.push(answer(result));
  const state: Statement[] = fn.prologue();
  const text = `${["data", ...group.path].join(".")}, as found: where it cannot be seen that an element is there twice`;
  return print([comment(text), { kind: "block", head: js`function ${name}(c)`, body: [...state, ...body] }]);
}

/**
 * The functions of what a group has at so many keys: one that looks it up where the whole is known, and one that goes
 * through the bodies for these keys alone.
 */
export function emitSelection(unit: Unit, group: Group & { readonly kind: "set" | "object" }, keys: number): string {
  const known = new FunctionUnit(unit);
  const asked = Array.from({ length: keys }, () => known.fresh("key"));
  const memo = js`c.memo.${unit.slot(group.id)}`;
  let found = memo;
  for (const key of asked) found = js`${unit.runtime("lookup")}(${found}, ${key})`;
  const name = unit.function(entryId(group.id, keys), "entry");
  const part = unit.function(`part:${keys}:${group.id}`, "part");
  const isLess = (group.selections as readonly Selection<unknown>[]).some(
    (selection) => selection.params.length === keys && selection.isLess,
  );
  const body = [
    js`if (${memo} !== ${unit.runtime("notKnown")}) return ${found};`,
    js`return ${unit.runtime("entryOf")}(c, ${isLess ? js`undefined` : unit.document(group.id)}, ${part}, [${join(asked, ", ")}]);`,
  ];
  const head = js`function ${name}(${join([js`c`, ...asked], ", ")})`;
  return [print([{ kind: "block", head, body }]), emitPart(unit, group, keys, part)].join("\n");
}

function emitPart(unit: Unit, group: Group & { readonly kind: "set" | "object" }, keys: number, name: Code): string {
  const fn = new FunctionUnit(unit);
  const body: Statement[] = [...emitMasks(unit, group)];
  const result = fn.shared("result");
  const answer = (value: Code): Code => js`return ${value};`;
  const of = <T>(selections: readonly Selection<T>[]): Selection<T> => {
    const found = selections.find(({ params }) => params.length === keys);
    if (found === undefined) throw new Error("nobody asks for so many keys");
    return found;
  };
  const params = of<Alternative | Insertion>(group.selections).params;
  const names = params.map((param) => fn.local(param));
  if (group.kind === "set") emitElements(fn, group.id, of(group.selections).bodies, params, result, body, answer);
  else emitInsertions(fn, group.id, of(group.selections).bodies, params, result, body, answer);
  const state: Statement[] = fn.prologue();
  const head = js`function ${name}(${join([js`c`, ...names], ", ")})`;
  return print([
    comment(`${["data", ...group.path].join(".")}, for what is asked`),
    { kind: "block", head, body: [...state, ...body] },
  ]);
}

/** The value of a group is kept, so that it is worked out once in one context. */
function emitMemo(unit: Unit, group: Group, body: Statement[], slot?: Code): (value: Code) => Code {
  const memo = js`c.memo.${unit.slot(group.id, slot)}`;
  body.push(js`if (${memo} !== ${unit.runtime("notKnown")}) return ${memo};`);
  return (value) => js`return (${memo} = ${value});`;
}

type Valued = Group & { readonly kind: "complete" | "function" };

function emitComplete(fn: FunctionUnit, group: Valued, body: Statement[]): void {
  const { unit } = fn;
  const params = group.kind === "function" ? group.params : [];
  const answer = group.kind === "complete" ? emitMemo(unit, group, body) : (value: Code) => js`return ${value};`;
  const constant = unit.exhaustive ? undefined : sameConstant(group.chains);
  // An else may hold where the body before it does not: such a rule is always tried.
  const table = tableOf(
    group.chains.map(([first, ...others]) => (first === undefined || others.length > 0 ? [] : first.goals)),
    params,
  );
  if (table !== undefined) {
    emitByTable(fn, group, table, params, constant, body, answer);
    return;
  }
  if (constant !== undefined) {
    // All bodies give the same: the first that has a solution answers.
    for (const chain of group.chains) {
      for (const alternative of chain) {
        emitAlternative(fn, alternative, params, body, () => answer(unit.constant(constant.term)));
      }
    }
    emitDefault(fn, group, params, body, answer);
    return;
  }
  const [only, ...more] = group.chains;
  if (only !== undefined && more.length === 0 && only.every(({ goals }) => hasOneSolution(goals))) {
    // Nothing to agree with: the first body that has a solution answers.
    for (const alternative of only) emitAlternative(fn, alternative, params, body, answer);
    emitDefault(fn, group, params, body, answer);
    return;
  }
  const isFirst = emitFirstAnswers(fn, group.chains, body);
  const value = fn.shared("result");
  body.push(js`let ${value};`);
  const found = isFirst === undefined ? undefined : (one: Code): Code => js`if (${isFirst}) ${answer(one)}`;
  for (const chain of group.chains) emitChain(fn, group, chain, params, value, body, found);
  if (group.default === undefined) {
    body.push(answer(value));
    return;
  }
  body.push(js`if (${value} !== undefined) ${answer(value)}`);
  emitDefault(fn, group, params, body, answer);
}

/** Bodies as functions of their own, of which only those run that can match. */
function emitByTable(
  fn: FunctionUnit,
  group: Valued,
  table: Table,
  params: readonly Local[],
  constant: (Operand & { readonly kind: "constant" }) | undefined,
  body: Statement[],
  answer: (value: Code) => Code,
): void {
  const { unit } = fn;
  const outer = params.map((param) => fn.local(param));
  if (constant !== undefined) {
    emitDispatch(
      fn,
      group.id,
      table,
      body,
      group.chains,
      (call) => js`if (${call}) ${answer(unit.constant(constant.term))}`,
      {
        args: outer,
        write: (inner, chain, statements) => {
          for (const alternative of chain) {
            emitAlternative(inner, alternative, params, statements, () => js`return true;`);
          }
          statements.push(js`return false;`);
        },
        params: (inner) => params.map((param) => inner.local(param)),
      },
    );
    emitDefault(fn, group, params, body, answer);
    return;
  }
  const isFirst = group.chains.length > few ? undefined : emitFirstAnswers(fn, group.chains, body);
  const result = fn.shared("result");
  body.push(js`let ${result};`);
  const run = (call: Code): Code => {
    if (isFirst === undefined) return js`${result} = ${call};`;
    return js`if ((${result} = ${call}) !== undefined && ${isFirst}) ${answer(result)}`;
  };
  emitDispatch(fn, group.id, table, body, group.chains, run, {
    args: [...outer, result],
    write: (inner, chain, statements) => {
      emitChain(inner, group, chain, params, resultName, statements);
      statements.push(js`return ${resultName};`);
    },
    params: (inner) => [...params.map((param) => inner.local(param)), resultName],
  });
  if (group.default !== undefined) body.push(js`if (${result} !== undefined) ${answer(result)}`);
  if (group.default === undefined) body.push(answer(result));
  else emitDefault(fn, group, params, body, answer);
}

function emitDefault(
  fn: FunctionUnit,
  group: Valued,
  params: readonly Local[],
  body: Statement[],
  answer: (value: Code) => Code,
): void {
  const fallback = group.default;
  if (fallback === undefined) {
    body.push(answer(js`undefined`));
    return;
  }
  fn.startBody(params, fallback.goals);
  const at = emitGoals(fn, { block: body, fail: () => js`return undefined;`, context: js`c` }, fallback.goals);
  at.block.push(answer(emitOperand(fn, at.context, fallback.value)));
}

/** Writes one body; `solved` gives the statement for each of its solutions. */
function emitAlternative(
  fn: FunctionUnit,
  alternative: { readonly goals: Alternative["goals"]; readonly value: Operand },
  params: readonly Local[],
  body: Statement[],
  solved: (value: Code, position: Position) => Code,
): void {
  fn.startBody(params, alternative.goals);
  const label = fn.label("body");
  const statements: Statement[] = [];
  body.push({ kind: "block", label, scoped: true, body: statements });
  const start: Position = { block: statements, fail: () => label.break(), context: js`c` };
  const at = emitGoals(fn, start, alternative.goals);
  at.block.push(solved(emitOperand(fn, at.context, alternative.value), at));
}

/** A rule and its elses: the first that has a solution counts, and must agree with the rules before it. */
function emitChain(
  fn: FunctionUnit,
  group: Valued,
  chain: Chain,
  params: readonly Local[],
  result: Code,
  body: Statement[],
  found?: (value: Code) => Code,
): void {
  const { unit } = fn;
  const agree = unit.runtime(group.kind === "function" ? "agreeFunction" : "agree");
  const [first, ...others] = chain;
  if (first === undefined) return;
  if (others.length === 0) {
    emitAlternative(fn, first, params, body, (value, at) => {
      if (found !== undefined && isFixed(first)) at.block.push(found(value));
      return js`${result} = ${agree}(${fn.state()}, ${result}, ${value}, ${unit.span(first.span)});`;
    });
    return;
  }
  const own = fn.shared("chosen");
  body.push(js`let ${own};`);
  let block = body;
  for (const [at, alternative] of chain.entries()) {
    if (at > 0) {
      const inner: Statement[] = [];
      block.push({ kind: "block", head: js`if (${own} === undefined)`, body: inner });
      block = inner;
    }
    emitAlternative(fn, alternative, params, block, (value, at) => {
      if (found !== undefined && isFixed(alternative)) at.block.push(found(value));
      return js`${own} = ${agree}(${fn.state()}, ${own}, ${value}, ${unit.span(alternative.span)});`;
    });
  }
  const agreed = js`${agree}(${fn.state()}, ${result}, ${own}, ${unit.span(first.span)})`;
  body.push(js`if (${own} !== undefined) ${result} = ${agreed};`);
}

/** Whether goals can have at most one solution: nothing in them iterates. */
function hasOneSolution(goals: readonly Goal[]): boolean {
  return goals.every((goal) => {
    switch (goal.kind) {
      case "iterate":
      case "join":
      case "enumerate":
      case "relate":
        return false;
      case "with":
        return hasOneSolution(goal.goals);
      default:
        return true;
    }
  });
}

/** The one constant that all bodies give, where they do. */
function sameConstant(chains: readonly Chain[]): (Operand & { readonly kind: "constant" }) | undefined {
  let same: (Operand & { readonly kind: "constant" }) | undefined;
  for (const { value, isWritten, goals } of chains.flat()) {
    if (value.kind !== "constant" || (!isWritten && goals.some(mayEnd))) return undefined;
    if (same !== undefined && constantKey(same.term) !== constantKey(value.term)) return undefined;
    same = value;
  }
  return same;
}

function emitSet(fn: FunctionUnit, group: Group & { readonly kind: "set" }, body: Statement[]): void {
  const answer = emitMemo(fn.unit, group, body);
  emitElements(fn, group.id, group.bodies, [], fn.shared("result"), body, answer);
}

/** The bodies of a set. `params`: what is asked for, where that is known. */
function emitElements(
  fn: FunctionUnit,
  id: string,
  bodies: readonly Alternative[],
  params: readonly Local[],
  result: Code,
  body: Statement[],
  answer: (value: Code) => Code,
): void {
  body.push(js`const ${result} = new ${fn.unit.runtime("RegoSet")}();`);
  const table = tableOf(
    bodies.map(({ goals }) => goals),
    [],
  );
  if (table !== undefined) {
    emitDispatch(fn, id, table, body, bodies, (call) => js`${call};`, {
      args: [...params.map((param) => fn.local(param)), result],
      write: (inner, alternative, statements) => {
        emitAlternative(inner, alternative, params, statements, (value) => js`${resultName}.add(${value});`);
      },
      params: (inner) => [...params.map((param) => inner.local(param)), resultName],
    });
    body.push(answer(result));
    return;
  }
  for (const alternative of bodies) {
    emitAlternative(fn, alternative, params, body, (value) => js`${result}.add(${value});`);
  }
  body.push(answer(result));
}

function emitObjectGroup(fn: FunctionUnit, group: Group & { readonly kind: "object" }, body: Statement[]): void {
  const answer = emitMemo(fn.unit, group, body);
  emitInsertions(fn, group.id, group.bodies, [], fn.shared("result"), body, answer);
}

/** The bodies of a partial object. `params`: the keys that are asked for, where that is known. */
function emitInsertions(
  fn: FunctionUnit,
  id: string,
  bodies: readonly Insertion[],
  params: readonly Local[],
  builder: Code,
  body: Statement[],
  answer: (value: Code) => Code,
): void {
  body.push(js`const ${builder} = new ${fn.unit.runtime("ObjectBuilder")}(${fn.state()});`);
  const table = tableOf(
    bodies.map(({ goals }) => goals),
    [],
  );
  if (table === undefined) {
    for (const insertion of bodies) emitInsertion(fn, insertion, params, builder, body);
  } else {
    emitDispatch(fn, id, table, body, bodies, (call) => js`${call};`, {
      args: [...params.map((param) => fn.local(param)), builder],
      write: (inner, insertion, statements) => emitInsertion(inner, insertion, params, resultName, statements),
      params: (inner) => [...params.map((param) => inner.local(param)), resultName],
    });
  }
  body.push(answer(js`${builder}.value`));
}

function emitInsertion(
  fn: FunctionUnit,
  insertion: Insertion,
  params: readonly Local[],
  builder: Code,
  body: Statement[],
): void {
  emitAlternative(fn, insertion, params, body, (value, at) => {
    const keys = join(
      insertion.keys.map((key) => emitOperand(fn, at.context, key)),
      ", ",
    );
    const span = fn.unit.span(insertion.span);
    return insertion.leaf === "element"
      ? js`${builder}.add([${keys}], ${value}, ${span});`
      : js`${builder}.put([${keys}], ${value}, ${span});`;
  });
}
