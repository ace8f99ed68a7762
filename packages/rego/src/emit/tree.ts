/** Interiors as functions: all that is below a path, its names, and one of them chosen at run time. */
import { ruleKey } from "../check/program.ts";
import { segmentTerm } from "../plan/documents.ts";
import type { Interior, Operand } from "../plan/plan.ts";
import { print, type Statement } from "./block.ts";
import { comment, join, js, type Code } from "./fragment.ts";
import { FunctionUnit } from "./function-unit.ts";
import { emitOperand } from "./operand.ts";
import { type Child, pathOf, type Unit } from "./unit.ts";

/** Base data at a path, whatever rules say. */
function baseAt(unit: Unit, path: readonly string[]): Code {
  let base = js`c.data`;
  for (const segment of path) base = js`${unit.runtime("lookup")}(${base}, ${segmentCode(unit, segment)})`;
  return base;
}

/** A segment of a path as a value. */
export function segmentCode(unit: Unit, segment: string): Code {
  return unit.constant(segmentTerm(segment));
}

/** Where `with` replaces what a group stands in, base data (which the `with` has changed) speaks for it. */
export function emitMasks(
  unit: Unit,
  node: { readonly masks: readonly number[]; readonly path: readonly string[] },
): Statement[] {
  if (node.masks.length === 0) return [];
  const condition = join(
    node.masks.map((mask) => js`c.masks[${mask}]`),
    " || ",
  );
  const base = baseAt(unit, node.path);
  return [js`if (${condition}) return ${base};`];
}

/** The function of the whole extent of a path. */
export function emitExtent(unit: Unit, interior: Interior): string {
  const fn = new FunctionUnit(unit);
  const body: Statement[] = [...emitMasks(unit, interior)];
  const virtual = fn.fresh("virtual");
  body.push(js`const ${virtual} = new ${unit.runtime("RegoObject")}();`);
  for (const { segment, value } of interior.children) {
    const put = unit.runtime("putDefined");
    body.push(js`${put}(${virtual}, ${segmentCode(unit, segment)}, ${emitOperand(fn, js`c`, value)});`);
  }
  const base = baseAt(unit, interior.path);
  const shown = interior.path.length === 0 ? js`${unit.runtime("withoutSystem")}(${base})` : base;
  body.push(js`return ${unit.runtime("mergeDocuments")}(${shown}, ${virtual});`);
  const head = js`function ${unit.interior(interior.id)}(c)`;
  return print([comment(["data", ...interior.path].join(".")), { kind: "block", head, body }]);
}

/** The function that gives the names below a path. */
export function emitNames(unit: Unit, interior: Interior): string {
  const names = js`[${join(
    interior.children.map(({ segment }) => segmentCode(unit, segment)),
    ", ",
  )}]`;
  const constant = unit.hoist(names);
  const masked = join(
    interior.masks.map((mask) => js`c.masks[${mask}]`),
    " || ",
  );
  const own = interior.masks.length === 0 ? constant : js`${masked} ? [] : ${constant}`;
  const name = unit.function(`names:${interior.id}`, `${unit.interior(interior.id).text}_names`);
  const base = baseAt(unit, interior.path);
  const body = [js`return ${unit.runtime("namesBelow")}(${base}, ${own});`];
  return print([{ kind: "block", head: js`function ${name}(c)`, body }]);
}

/** The function that reads `node[key].suffix` with a key known only at run time. */
export function emitChild(unit: Unit, child: Child): string {
  const fn = new FunctionUnit(unit);
  const node = unit.plan.interiors.find((interior) => interior.id === child.node);
  const path = pathOf(child.node);
  const body: Statement[] = [];
  for (const { segment } of node?.children ?? []) {
    const value = documentAt(unit, [...path, segment], child.suffix);
    if (value === undefined) continue;
    body.push(js`if (key === ${segmentCode(unit, segment)}) return ${emitOperand(fn, js`c`, value)};`);
  }
  let base = js`${unit.runtime("lookupStored")}(${baseAt(unit, path)}, key)`;
  for (const name of child.suffix) base = js`${unit.runtime("lookup")}(${base}, ${name})`;
  body.push(js`return ${base};`);
  return print([{ kind: "block", head: js`function ${child.name}(c, key)`, body }]);
}

/** What rules make of a path, if they do. */
function documentAt(unit: Unit, start: readonly string[], suffix: readonly string[]): Operand | undefined {
  for (let length = 0; length <= suffix.length; length += 1) {
    const id = ruleKey([...start, ...suffix.slice(0, length)]);
    const group = unit.plan.groups.find((known) => known.id === id);
    if (group !== undefined) return group.kind === "function" ? undefined : below(unit, group.id, suffix.slice(length));
  }
  const id = ruleKey([...start, ...suffix]);
  const interior = unit.plan.interiors.find((known) => known.id === id);
  return interior === undefined ? undefined : { kind: "extent", node: id };
}

function below(unit: Unit, group: string, names: readonly string[]): Operand {
  const keys = names.map((name): Operand => ({ kind: "constant", term: segmentTerm(name) }));
  const asked = unit.keysAsked(group, keys.length);
  let operand: Operand =
    asked === 0 ? { kind: "document", group } : { kind: "entry", group, keys: keys.slice(0, asked) };
  for (const key of keys.slice(asked)) operand = { kind: "lookup", of: operand, key };
  return operand;
}
