/**
 * Groups of many rules. Their bodies become functions of their own, since one huge function would never be optimised;
 * and where most of them compare one thing with a constant, a table says which can match at all.
 */
import { discriminatorOf, type Discriminator } from "../plan/discriminator.ts";
import type { Goal, Local } from "../plan/plan.ts";
import type { Term } from "../syntax/ast.ts";
import { print, type Statement } from "./block.ts";
import { constantKey } from "./constant.ts";
import { type Code, identifier, join, js } from "./fragment.ts";
import { FunctionUnit } from "./function-unit.ts";
import { emitOperand } from "./operand.ts";

/** What the accumulated result is called within a body's own function. */
export const resultName: Code = identifier("result");

/** More bodies than this never share one function. */
const tooMany = 48;

/** How to find the bodies that can match: by a constant, or all of them one after another. */
export interface Table {
  readonly discriminator: Discriminator | undefined;
}

/** A table for bodies, where one is worth it. */
export function tableOf(bodies: readonly (readonly Goal[])[], params: readonly Local[]): Table | undefined {
  const discriminator = discriminatorOf(bodies, new Set(params.map(({ id }) => id)));
  return discriminator === undefined && bodies.length <= tooMany ? undefined : { discriminator };
}

/** How one body becomes a function. */
export interface BodyShape<T> {
  /** What the group's function hands over. */
  readonly args: readonly Code[];
  /** The names of these in the body's function. */
  readonly params: (inner: FunctionUnit) => readonly Code[];
  readonly write: (inner: FunctionUnit, body: T, statements: Statement[]) => void;
}

/** Writes the bodies as functions, and the loop that runs those that can match. */
export function emitDispatch<T>(
  fn: FunctionUnit,
  group: string,
  table: Table,
  body: Statement[],
  bodies: readonly T[],
  run: (call: Code) => Code,
  shape: BodyShape<T>,
): void {
  const { unit } = fn;
  const name = unit.group(group);
  const functions = bodies.map((one) => {
    const inner = new FunctionUnit(unit);
    inner.ordered = fn.ordered;
    inner.reserve("result");
    const own = unit.names.fresh(`${name.text}_body`);
    const params = shape.params(inner);
    const statements: Statement[] = [];
    shape.write(inner, one, statements);
    const state: Statement[] = inner.prologue();
    const head = js`function ${own}(${join([js`c`, ...params], ", ")})`;
    unit.addFunction(print([{ kind: "block", head, body: [...state, ...statements] }]));
    return own;
  });
  const { discriminator } = table;
  const lists =
    discriminator === undefined
      ? [unit.hoist(js`[${join(functions, ", ")}]`)]
      : matching(fn, discriminator, functions, body);
  for (const list of lists) {
    const i = fn.shared("i");
    const call = js`${list}[${i}](${join([js`c`, ...shape.args], ", ")})`;
    const head = js`for (let ${i} = 0; ${i} < ${list}.length; ${i} += 1)`;
    body.push({ kind: "block", head, body: [run(call)] });
  }
}

/** The lists of bodies to run: those of the constant that is there, and those that do not say. */
function matching(
  fn: FunctionUnit,
  { operand, constants }: Discriminator,
  functions: readonly Code[],
  body: Statement[],
): readonly Code[] {
  const { unit } = fn;
  const byConstant = new Map<string, { readonly term: Term; readonly functions: Code[] }>();
  const others: Code[] = [];
  for (const [at, own] of functions.entries()) {
    const term = constants[at];
    if (term === undefined) {
      others.push(own);
      continue;
    }
    const key = constantKey(term);
    const known = byConstant.get(key);
    if (known === undefined) byConstant.set(key, { term, functions: [own] });
    else known.functions.push(own);
  }
  const entries = [...byConstant.values()].map(
    (entry) => js`[${unit.constant(entry.term)}, [${join(entry.functions, ", ")}]]`,
  );
  const map = unit.hoist(js`new ${unit.runtime("BodyTable")}([${join(entries, ", ")}])`);
  const list = fn.shared("bodies");
  body.push(js`const ${list} = ${map}.of(${emitOperand(fn, js`c`, operand)});`);
  return others.length === 0 ? [list] : [list, unit.hoist(js`[${join(others, ", ")}]`)];
}
