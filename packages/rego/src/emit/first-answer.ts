/**
 * Whether the first body that has a solution answers for all. OPA says so where all rules that its index lets through
 * give one constant; those that it leaves out do not count, so it may depend on what is there.
 */
import { termKey } from "../check/term-key.ts";
import { mayEnd } from "../plan/may-end.ts";
import type { Alternative, Chain } from "../plan/plan.ts";
import type { Block, Statement } from "./block.ts";
import { type Code, join, js } from "./fragment.ts";
import type { FunctionUnit } from "./function-unit.ts";
import { emitGoals } from "./goal.ts";
import { guards } from "../plan/promote.ts";

/** Writes how it is known, and gives what says it; undefined where it never holds, or makes no difference. */
export function emitFirstAnswers(fn: FunctionUnit, chains: readonly Chain[], body: Statement[]): Code | undefined {
  if (fn.unit.exhaustive) return undefined;
  const alternatives = chains.flat();
  const certain = alternatives.filter(isAlwaysAdmitted);
  const classes = new Map<string, Alternative[]>();
  for (const alternative of alternatives) {
    if (!isFixed(alternative)) continue;
    const key = termKey(alternative.value.term);
    classes.set(key, [...(classes.get(key) ?? []), alternative]);
  }
  const others = alternatives.filter((one) => !isFixed(one));
  const matters = [...classes.values()].some((members) => members.some(({ goals }) => goals.some(mayEnd)));
  const certainClasses = [...classes.values()].filter((members) => members.some((one) => certain.includes(one)));
  if (!matters || certainClasses.length > 1 || others.some((one) => certain.includes(one))) return undefined;
  const flags = new Map(alternatives.map((one) => [one, emitAdmitted(fn, one, body)]));
  const anyOf = (members: readonly Alternative[]): Code =>
    js`(${join(
      members.map((one) => flags.get(one) ?? js`true`),
      " || ",
    )})`;
  const [first, ...more] = [...classes.values()];
  if (first === undefined) return undefined;
  const conditions = others.map((one) => js`!${flags.get(one) ?? js`true`}`);
  const count = join(
    [first, ...more].map((members) => js`+${anyOf(members)}`),
    " + ",
  );
  const isFirst = fn.shared("isFirst");
  if (more.length > 0) conditions.push(js`${count} < 2`);
  body.push(js`const ${isFirst} = ${conditions.length === 0 ? js`true` : join(conditions, " && ")};`);
  return isFirst;
}

type Fixed = Alternative & { readonly value: { readonly kind: "constant" } };

/** Whether a body gives a constant, and says so: a variable that stands for one may have other solutions to OPA. */
export function isFixed(alternative: Alternative): alternative is Fixed {
  return alternative.isWritten && alternative.value.kind === "constant";
}

function isAlwaysAdmitted({ admission }: Alternative): boolean {
  return admission.all.length === 0 && admission.any.length === 0;
}

/** A variable that says whether the index lets a body through. */
function emitAdmitted(fn: FunctionUnit, { admission }: Alternative, body: Statement[]): Code {
  const goals = guards(admission.all, admission);
  if (goals.length === 0) return js`true`;
  const flag = fn.shared("isAdmitted");
  const label = fn.label("asks");
  const statements: Statement[] = [];
  const block: Block = { kind: "block", label, scoped: true, body: statements };
  body.push(js`let ${flag} = false;`, block);
  const at = emitGoals(fn, { block: statements, fail: () => label.break(), context: js`c` }, goals);
  at.block.push(js`${flag} = true;`);
  return flag;
}
