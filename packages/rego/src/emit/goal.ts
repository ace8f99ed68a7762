/**
 * Bodies as straight-line code. Each goal either goes on or jumps to where the next solution is looked for: out of the
 * body, or to the next round of the loop around it. So failure costs a jump, and no closure, exception or generator is
 * needed for backtracking.
 */
import type { Change, Goal, Local, Operand, Want } from "../plan/plan.ts";
import { emitLack, emitRefusal } from "./admission.ts";
import { type Block, type Label, type Statement } from "./block.ts";
import { emitBuiltinCall, type Invocation } from "./builtin-call.ts";
import { type Code, join, js } from "./fragment.ts";
import type { FunctionUnit } from "./function-unit.ts";
import { emitOperand } from "./operand.ts";
import { isDefined } from "../plan/scope.ts";

/** Where code is being written: the innermost block, how to fail from it, and the context it runs in. */
export interface Position {
  readonly block: Statement[];
  readonly fail: () => Code;
  readonly context: Code;
}

/** Writes goals from a position on, and gives the position of their solutions. */
export function emitGoals(fn: FunctionUnit, position: Position, goals: readonly Goal[]): Position {
  let at = position;
  for (const goal of goals) at = emitGoal(fn, at, goal);
  return at;
}

function emitGoal(fn: FunctionUnit, at: Position, goal: Goal): Position {
  switch (goal.kind) {
    case "assign":
      return emitAssign(fn, at, goal.local, goal.value);
    case "test":
      return emitTest(fn, at, goal.value);
    case "equal":
      return emitEqual(fn, at, goal.left, goal.right);
    case "shape": {
      const check = fn.unit.runtime(goal.type === "array" ? "isArrayOf" : "isObjectOf");
      failIf(at, js`!${check}(${fn.local(goal.of)}, ${goal.size})`);
      return at;
    }
    case "admit":
      return emitAdmit(fn, at, goal.of, goal.wants);
    case "holds":
      return emitHolds(fn, at, goal.key, goal.collection);
    case "comparable":
      failIf(at, js`!${fn.unit.runtime("isComparable")}(${fn.local(goal.of)}, ${goal.form})`);
      return at;
    case "iterate":
      return emitIterate(fn, at, goal.over, goal.key, goal.value);
    case "join":
      return emitJoin(fn, at, goal);
    case "enumerate":
      return emitEnumerate(fn, at, goal.node, goal.key);
    case "call":
      return emitCall(fn, at, goal);
    case "relate":
      return emitRelate(fn, at, goal);
    case "collect":
      return emitCollect(fn, at, goal);
    case "collectObject":
      return emitCollectObject(fn, at, goal);
    case "not":
      return emitNot(fn, at, goal.goals);
    case "or":
      return emitOr(fn, at, goal.alternatives);
    case "every":
      return emitEvery(fn, at, goal);
    case "with":
      return emitWith(fn, at, goal);
    case "fail":
      at.block.push(at.fail());
      return at;
  }
}

function emitAdmit(fn: FunctionUnit, at: Position, of: Operand, wants: readonly Want[]): Position {
  failIf(at, emitRefusal(fn, at.context, of, wants));
  return at;
}

function emitHolds(fn: FunctionUnit, at: Position, key: Operand, collection: Operand): Position {
  failIf(at, emitLack(fn, at.context, key, collection));
  return at;
}

function failIf(at: Position, condition: Code): void {
  at.block.push(js`if (${condition}) ${at.fail()}`);
}

function emitAssign(fn: FunctionUnit, at: Position, local: Local, value: Operand): Position {
  const code = emitOperand(fn, at.context, value);
  const name = fn.local(local);
  at.block.push(js`const ${name} = ${code};`);
  if (!isDefined(value)) failIf(at, js`${name} === undefined`);
  return at;
}

function emitTest(fn: FunctionUnit, at: Position, value: Operand): Position {
  if (value.kind === "constant") {
    if (value.term.kind === "boolean" && !value.term.value) at.block.push(at.fail());
    return at;
  }
  const name = held(fn, at, value);
  failIf(at, isDefined(value) ? js`${name} === false` : js`${name} === undefined || ${name} === false`);
  return at;
}

/** A value under a name, so that it is computed once. */
function held(fn: FunctionUnit, at: Position, value: Operand): Code {
  const code = emitOperand(fn, at.context, value);
  if (value.kind === "local" || value.kind === "constant") return code;
  const name = fn.fresh(
    value.kind === "lookup" && value.key.kind === "constant" && value.key.term.kind === "string"
      ? value.key.term.value
      : "value",
  );
  at.block.push(js`const ${name} = ${code};`);
  return name;
}

function emitEqual(fn: FunctionUnit, at: Position, left: Operand, right: Operand): Position {
  if (isIdentity(left) || isIdentity(right)) {
    const a = emitOperand(fn, at.context, left);
    const b = emitOperand(fn, at.context, right);
    failIf(at, js`${a} !== ${b}`);
    return at;
  }
  const equal = fn.unit.runtime("equal");
  if (isDefined(left) || isDefined(right)) {
    const a = emitOperand(fn, at.context, left);
    const b = emitOperand(fn, at.context, right);
    failIf(at, js`!${equal}(${a}, ${b})`);
    return at;
  }
  const a = held(fn, at, left);
  failIf(at, js`${a} === undefined || !${equal}(${a}, ${emitOperand(fn, at.context, right)})`);
  return at;
}

/** Whether a value is equal to another exactly where it is the same to JavaScript. */
function isIdentity(value: Operand): boolean {
  if (value.kind !== "constant") return false;
  return value.term.kind === "string" || value.term.kind === "boolean" || value.term.kind === "null";
}

/** Opens a loop: charges each round, and makes failing go on with the next. */
function emitLoop(fn: FunctionUnit, at: Position, head: Code): Position & { readonly label: Label } {
  const label = fn.label("next");
  const s = fn.state();
  const body: Statement[] = [js`if (--${s}.fuel < 0) ${s}.exhausted();`];
  const block: Block = { kind: "block", head, label, body };
  at.block.push(block);
  return { block: body, fail: () => label.continue(), context: at.context, label };
}

function emitIterate(
  fn: FunctionUnit,
  at: Position,
  over: Operand,
  key: Local | undefined,
  value: Local | undefined,
): Position {
  const occurrences = key === undefined ? occurrencesOf(fn, over) : undefined;
  const list = fn.fresh("list");
  const i = fn.fresh("i");
  if (occurrences !== undefined) return emitOccurrences(fn, at, occurrences, list, i, value);
  const collection = key === undefined ? emitOperand(fn, at.context, over) : held(fn, at, over);
  at.block.push(js`const ${list} = ${fn.unit.runtime(fn.ordered ? "elements" : "members")}(${collection});`);
  const keys = key === undefined ? undefined : fn.fresh("keys");
  if (keys !== undefined) {
    at.block.push(js`const ${keys} = ${fn.unit.runtime(fn.ordered ? "keysOf" : "unorderedKeysOf")}(${collection});`);
  }
  const loop = emitLoop(fn, at, js`for (let ${i} = 0; ${i} < ${list}.length; ${i} += 1)`);
  if (key !== undefined && keys !== undefined) {
    loop.block.push(js`const ${fn.local(key)} = ${keys} === undefined ? ${i} : ${keys}[${i}];`);
  }
  if (value !== undefined) {
    loop.block.push(js`const ${fn.local(value)} = ${list}[${i}];`);
  }
  return loop;
}

/** The function of a set's elements as a list, where nobody can see that one is there twice: where order is not seen. */
function occurrencesOf(fn: FunctionUnit, over: Operand): Code | undefined {
  return over.kind === "document" && !fn.ordered ? fn.unit.occurrences(over.group) : undefined;
}

function emitOccurrences(
  fn: FunctionUnit,
  at: Position,
  occurrences: Code,
  list: Code,
  i: Code,
  value: Local | undefined,
): Position {
  at.block.push(js`const ${list} = ${occurrences}(${at.context});`);
  const loop = emitLoop(fn, at, js`for (let ${i} = 0; ${i} < ${list}.length; ${i} += 1)`);
  if (value !== undefined) loop.block.push(js`const ${fn.local(value)} = ${list}[${i}];`);
  return loop;
}

/** Runs through the rows that an index of base data has for a key. */
function emitJoin(fn: FunctionUnit, at: Position, goal: Goal & { readonly kind: "join" }): Position {
  const segments = goal.segments.map((segment) => {
    if (segment.kind === "field") return js`{ field: ${segment.name} }`;
    return js`{ each: true, key: ${segment.key ?? -1}, value: ${segment.value ?? -1} }`;
  });
  const on = join(
    goal.on.map((name) => js`${name}`),
    ", ",
  );
  const scan = js`new ${fn.unit.runtime("Scan")}([${join(segments, ", ")}], [${on}], ${goal.rows.length})`;
  const spec = fn.unit.hoist(scan);
  const rows = fn.fresh("rows");
  const row = fn.fresh("row");
  const key = emitOperand(fn, at.context, goal.key);
  at.block.push(js`const ${rows} = ${fn.unit.runtime("rowsOf")}(${at.context}, ${spec}, ${key});`);
  const loop = emitLoop(fn, at, js`for (const ${row} of ${rows})`);
  for (const [position, local] of goal.rows.entries()) {
    loop.block.push(js`const ${fn.local(local)} = ${row}[${position}];`);
  }
  return loop;
}

function emitEnumerate(fn: FunctionUnit, at: Position, node: string, key: Local): Position {
  const keys = fn.fresh("names");
  const i = fn.fresh("i");
  const names = fn.unit.use(`names:${node}`, fn.unit.function(`names:${node}`, "names"));
  at.block.push(js`const ${keys} = ${names}(${at.context});`);
  const loop = emitLoop(fn, at, js`for (let ${i} = 0; ${i} < ${keys}.length; ${i} += 1)`);
  loop.block.push(js`const ${fn.local(key)} = ${keys}[${i}];`);
  return loop;
}

function emitCall(fn: FunctionUnit, at: Position, goal: Goal & { readonly kind: "call" }): Position {
  const call = emitInvocation(fn, at, goal);
  if (goal.result === undefined) {
    if (call.kind === "condition") {
      failIf(at, call.opposite);
      return at;
    }
    const name = fn.fresh(goal.callee.kind === "builtin" ? "answer" : "result");
    at.block.push(js`const ${name} = ${call.code};`);
    failUndefined(fn, at, goal, name);
    failIf(at, js`${name} === false`);
    return at;
  }
  const name = fn.local(goal.result);
  at.block.push(js`const ${name} = ${call.code};`);
  if (call.kind === "value") failUndefined(fn, at, goal, name);
  if (call.kind === "text") at.block.push(js`${fn.state()}.charge(${name}.length >> 4);`);
  return at;
}

/** Where a call gives nothing, an error may be why: then it is known where it stands. */
function failUndefined(fn: FunctionUnit, at: Position, goal: Goal & { readonly kind: "call" }, name: Code): void {
  if (goal.callee.kind === "function") {
    failIf(at, js`${name} === undefined`);
    return;
  }
  const body: Statement[] = [js`${fn.state()}.failedAt(${fn.unit.span(goal.span)});`, at.fail()];
  at.block.push({ kind: "block", head: js`if (${name} === undefined)`, body });
}

function emitInvocation(fn: FunctionUnit, at: Position, goal: Goal & { readonly kind: "call" }): Invocation {
  const { unit } = fn;
  const share = at.context.text === "c" ? unit.sharedCalls.get(goal) : undefined;
  if (share !== undefined) {
    const answer = fn.answerOf(share);
    const code = js`${answer} === ${unit.runtime("notKnown")} ? (${answer} = ${emitDirect(fn, at, goal).code}) : ${answer}`;
    return { kind: "value", code };
  }
  return emitDirect(fn, at, goal);
}

function emitDirect(fn: FunctionUnit, at: Position, goal: Goal & { readonly kind: "call" }): Invocation {
  const { callee } = goal;
  const { unit } = fn;
  const emitted = (operand: Operand): Code => emitOperand(fn, at.context, operand);
  const mock = unit.plan.mocks.findIndex(
    (other) =>
      other.kind === callee.kind &&
      (other.kind === "builtin" && callee.kind === "builtin"
        ? other.name === callee.name
        : other.kind === "function" && callee.kind === "function" && other.group === (callee.base ?? callee.group)),
  );
  const direct: Invocation =
    callee.kind === "builtin"
      ? emitBuiltinCall(fn, callee.name, goal.args, emitted)
      : {
          kind: "value",
          code: js`${unit.group(callee.group)}(${join([at.context, ...goal.args.map(emitted)], ", ")})`,
        };
  if (mock === -1) return direct;
  const mocked = emitMocked(fn, at, goal, mock);
  // A text that is mocked may be anything.
  return { kind: "value", code: js`${at.context}.mocks[${mock}] === undefined ? (${direct.code}) : ${mocked}` };
}

/** What comes in the place of a function, where it is asked for a known result held against that. */
function emitMocked(fn: FunctionUnit, at: Position, goal: Goal & { readonly kind: "call" }, mock: number): Code {
  const { callee, args, result } = goal;
  const { unit } = fn;
  const emitted = args.map((arg) => emitOperand(fn, at.context, arg));
  const call = (given: readonly Code[], isWanted: boolean): Code =>
    js`${unit.runtime("mocked")}(${at.context}, ${mock}, [${join(given, ", ")}], ${isWanted})`;
  const known = emitted.at(-1);
  if (callee.kind === "builtin" || callee.base === undefined || known === undefined) {
    return call(emitted, result !== undefined);
  }
  return js`${unit.runtime("isResult")}(${call(emitted.slice(0, -1), true)}, ${known})`;
}

function emitRelate(fn: FunctionUnit, at: Position, goal: Goal & { readonly kind: "relate" }): Position {
  const args = goal.args.map((arg) => emitOperand(fn, at.context, arg));
  const list = fn.fresh("outputs");
  const call = js`${fn.unit.builtin(goal.name)}(${join([fn.state(), ...args], ", ")})`;
  at.block.push(js`const ${list} = ${call};`);
  const failed: Statement[] = [js`${fn.state()}.failedAt(${fn.unit.span(goal.span)});`, at.fail()];
  at.block.push({ kind: "block", head: js`if (${list} === undefined)`, body: failed });
  const loop = emitLoop(fn, at, js`for (const ${fn.local(goal.result)} of ${list})`);
  return loop;
}

/** Goals within a block of their own; `fail` within leaves it. */
function emitInner(
  fn: FunctionUnit,
  at: Position,
  hint: string,
  goals: readonly Goal[],
): Position & { readonly label: Label } {
  const label = fn.label(hint);
  const body: Statement[] = [];
  at.block.push({ kind: "block", label, body });
  const inner = emitGoals(fn, { block: body, fail: () => label.break(), context: at.context }, goals);
  return { ...inner, label };
}

function emitCollect(fn: FunctionUnit, at: Position, goal: Goal & { readonly kind: "collect" }): Position {
  const into = fn.local(goal.into);
  const start = goal.form === "array" ? js`[]` : js`new ${fn.unit.runtime("RegoSet")}()`;
  at.block.push(js`const ${into} = ${start};`);
  const { ordered } = fn;
  fn.ordered ||= goal.form === "array";
  const inner = emitInner(fn, at, goal.form === "array" ? "collect" : "gather", goal.goals);
  const value = emitOperand(fn, inner.context, goal.value);
  inner.block.push(goal.form === "array" ? js`${into}.push(${value});` : js`${into}.add(${value});`);
  fn.ordered = ordered;
  return at;
}

function emitCollectObject(fn: FunctionUnit, at: Position, goal: Goal & { readonly kind: "collectObject" }): Position {
  const into = fn.local(goal.into);
  at.block.push(js`const ${into} = new ${fn.unit.runtime("RegoObject")}();`);
  const inner = emitInner(fn, at, "collect", goal.goals);
  const key = emitOperand(fn, inner.context, goal.key);
  const value = emitOperand(fn, inner.context, goal.value);
  const put = fn.unit.runtime("putUnique");
  inner.block.push(js`${put}(${fn.state()}, ${into}, ${key}, ${value}, ${fn.unit.span(goal.span)});`);
  return at;
}

function emitNot(fn: FunctionUnit, at: Position, goals: readonly Goal[]): Position {
  const inner = emitInner(fn, at, "not", goals);
  inner.block.push(at.fail());
  return at;
}

function emitOr(fn: FunctionUnit, at: Position, alternatives: readonly (readonly Goal[])[]): Position {
  const label = fn.label("or");
  const body: Statement[] = [];
  at.block.push({ kind: "block", label, body });
  for (const alternative of alternatives) {
    const inner = emitInner(fn, { ...at, block: body }, "either", alternative);
    inner.block.push(label.break());
  }
  body.push(at.fail());
  return at;
}

function emitEvery(fn: FunctionUnit, at: Position, goal: Goal & { readonly kind: "every" }): Position {
  const over = held(fn, at, goal.over);
  failIf(at, js`!${fn.unit.runtime("isCollection")}(${over})`);
  // INVARIANT: the value is held, so reading it again costs nothing.
  const position = emitIterateHeld(fn, at, goal, over);
  const inner = emitInner(fn, position, "holds", goal.goals);
  inner.block.push(position.label.continue());
  position.block.push(at.fail());
  return at;
}

function emitIterateHeld(
  fn: FunctionUnit,
  at: Position,
  goal: Goal & { readonly kind: "every" },
  over: Code,
): Position & { readonly label: Label } {
  const list = fn.fresh("list");
  const i = fn.fresh("i");
  at.block.push(js`const ${list} = ${fn.unit.runtime("elements")}(${over});`);
  const keys = goal.key === undefined ? undefined : fn.fresh("keys");
  if (keys !== undefined) at.block.push(js`const ${keys} = ${fn.unit.runtime("keysOf")}(${over});`);
  const loop = emitLoop(fn, at, js`for (let ${i} = 0; ${i} < ${list}.length; ${i} += 1)`);
  if (goal.key !== undefined && keys !== undefined) {
    loop.block.push(js`const ${fn.local(goal.key)} = ${keys} === undefined ? ${i} : ${keys}[${i}];`);
  }
  loop.block.push(js`const ${fn.local(goal.value)} = ${list}[${i}];`);
  return loop;
}

function emitWith(fn: FunctionUnit, at: Position, goal: Goal & { readonly kind: "with" }): Position {
  const context = fn.fresh("c");
  at.block.push(js`const ${context} = ${at.context}.derive();`);
  for (const change of goal.changes) at.block.push(emitChange(fn, at.context, context, change));
  const inner = emitGoals(fn, { ...at, context }, goal.goals);
  return { ...inner, context: at.context };
}

function emitChange(fn: FunctionUnit, outer: Code, context: Code, change: Change): Code {
  switch (change.kind) {
    case "input":
    case "data": {
      const path = join(
        change.path.map((part) => emitOperand(fn, outer, part)),
        ", ",
      );
      const value = emitOperand(fn, outer, change.value);
      return change.kind === "input"
        ? js`${context}.replaceInput([${path}], ${value});`
        : js`${context}.replaceData([${path}], ${value}, ${change.mask});`;
    }
    case "mockValue":
      return js`${context}.mockValue(${change.mock}, ${emitOperand(fn, outer, change.value)});`;
    case "mockDocument": {
      const { document } = change;
      const { unit } = fn;
      const read =
        document.kind === "document"
          ? unit.document(document.group)
          : unit.use(document.node, unit.interior(document.node));
      return js`${context}.mockDocument(${change.mock}, ${read});`;
    }
    case "mockCall": {
      const callee = fn.unit.callee(change.callee);
      return js`${context}.mockCall(${change.mock}, ${callee}, ${change.callee.kind === "builtin"});`;
    }
  }
}
