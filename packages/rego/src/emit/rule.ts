/** Groups of rules as functions. */
import type { Alternative, Chain, Goal, Group, Insertion, Local, Operand } from "../plan/plan.ts";
import type { Statement } from "./block.ts";
import { print } from "./block.ts";
import { constantKey } from "./constant.ts";
import { type Code, comment, join, js } from "./fragment.ts";
import { FunctionUnit } from "./function-unit.ts";
import { emitGoals, type Position } from "./goal.ts";
import { emitOperand } from "./operand.ts";
import { emitDispatch, RESULT, type Table, tableOf } from "./dispatch.ts";
import { emitMasks } from "./tree.ts";
import type { Unit } from "./unit.ts";

/** The text of a group's function. */
export function emitGroup(unit: Unit, group: Group, ordered: boolean): string {
  const fn = new FunctionUnit(unit);
  fn.ordered = ordered;
  const params = group.kind === "function" ? group.params.map((param) => fn.local(param)) : [];
  // The one key of an object that its caller is going to read, where it reads one.
  if (group.kind === "object") params.push(fn.shared("asked"));
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
      emitObjectGroup(fn, group, body, join(params, ", "));
      break;
  }
  const name = unit.group(group.id);
  const state: Statement[] = fn.usesState ? [js`const s = c.state;`] : [];
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
  const state: Statement[] = fn.usesState ? [js`const s = c.state;`] : [];
  const text = `${["data", ...group.path].join(".")}, as found: where it cannot be seen that an element is there twice`;
  return print([comment(text), { kind: "block", head: js`function ${name}(c)`, body: [...state, ...body] }]);
}

/** The value of a group is kept, so that it is worked out once in one context. */
function emitMemo(unit: Unit, group: Group, body: Statement[], slot?: Code): (value: Code) => Code {
  const memo = js`c.memo.${unit.slot(group.id, slot)}`;
  body.push(js`if (${memo} !== ${unit.runtime("UNKNOWN")}) return ${memo};`);
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
  const value = fn.shared("result");
  body.push(js`let ${value};`);
  for (const chain of group.chains) emitChain(fn, group, chain, params, value, body);
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
  const result = fn.shared("result");
  body.push(js`let ${result};`);
  emitDispatch(fn, group.id, table, body, group.chains, (call) => js`${result} = ${call};`, {
    args: [...outer, result],
    write: (inner, chain, statements) => {
      emitChain(inner, group, chain, params, RESULT, statements);
      statements.push(js`return ${RESULT};`);
    },
    params: (inner) => [...params.map((param) => inner.local(param)), RESULT],
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
): void {
  const { unit } = fn;
  const agree = unit.runtime(group.kind === "function" ? "agreeFunction" : "agree");
  const [first, ...others] = chain;
  if (first === undefined) return;
  if (others.length === 0) {
    emitAlternative(fn, first, params, body, (value) => {
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
    emitAlternative(fn, alternative, params, block, (value) => {
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
  for (const { value } of chains.flat()) {
    if (value.kind !== "constant") return undefined;
    if (same !== undefined && constantKey(same.term) !== constantKey(value.term)) return undefined;
    same = value;
  }
  return same;
}

function emitSet(fn: FunctionUnit, group: Group & { readonly kind: "set" }, body: Statement[]): void {
  const answer = emitMemo(fn.unit, group, body);
  const result = fn.shared("result");
  body.push(js`const ${result} = new ${fn.unit.runtime("RegoSet")}();`);
  const table = tableOf(
    group.bodies.map(({ goals }) => goals),
    [],
  );
  if (table !== undefined) {
    emitDispatch(fn, group.id, table, body, group.bodies, (call) => js`${call};`, {
      args: [result],
      write: (inner, alternative, statements) => {
        emitAlternative(inner, alternative, [], statements, (value) => js`${RESULT}.add(${value});`);
      },
      params: () => [RESULT],
    });
    body.push(answer(result));
    return;
  }
  for (const alternative of group.bodies) {
    emitAlternative(fn, alternative, [], body, (value) => js`${result}.add(${value});`);
  }
  body.push(answer(result));
}

function emitObjectGroup(
  fn: FunctionUnit,
  group: Group & { readonly kind: "object" },
  body: Statement[],
  asked: Code,
): void {
  const answer = emitMemo(fn.unit, group, body);
  const builder = fn.shared("result");
  body.push(js`const ${builder} = new ${fn.unit.runtime("ObjectBuilder")}(${fn.state()}, ${asked});`);
  const table = tableOf(
    group.bodies.map(({ goals }) => goals),
    [],
  );
  if (table === undefined) {
    for (const insertion of group.bodies) emitInsertion(fn, insertion, builder, body);
  } else {
    emitDispatch(fn, group.id, table, body, group.bodies, (call) => js`${call};`, {
      args: [builder],
      write: (inner, insertion, statements) => emitInsertion(inner, insertion, RESULT, statements),
      params: () => [RESULT],
    });
  }
  body.push(js`if (${builder}.isPartial) return ${builder}.value;`, answer(js`${builder}.value`));
}

function emitInsertion(fn: FunctionUnit, insertion: Insertion, builder: Code, body: Statement[]): void {
  emitAlternative(fn, insertion, [], body, (value, at) => {
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
