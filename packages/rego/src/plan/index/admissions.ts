/** Which bodies OPA's rule index lets through to evaluation: from constraints to what is asked before a body runs. */
import type { Rule, Term } from "../../syntax/ast.ts";
import { utf8 } from "../../syntax/base64.ts";
import type { DocumentNode, GroupNode } from "../documents.ts";
import type { Admission, Condition, Local, Operand, Want } from "../plan.ts";
import { readText } from "../read-text.ts";
import { type Constraint, isConstant, isScalar, isVariable, type Place, sameValue } from "./constraint.ts";
import { BodyConstraints, type Path, Places } from "./constraints.ts";

/** What has to hold for each rule of a document, and each `else`, to be evaluated. */
export function admissionsOf(
  root: DocumentNode,
  { rules, document }: Pick<GroupNode, "rules" | "document">,
  params: readonly Local[],
): ReadonlyMap<Rule, Admission> {
  const places = new Places();
  const bodies = new Map<Rule, BodyConstraints>();
  for (const { rule } of rules) {
    for (let next = rule.isDefault ? undefined : rule; next !== undefined; next = next.else) {
      bodies.set(next, BodyConstraints.of(places, root, next));
    }
  }
  const { levels, others } = levelsOf(places, [...bodies.values()]);
  // Where the first rule that holds is the answer, nobody looks into collections beforehand.
  const looks = document === "set" || document === "object" || !agree([...bodies.keys()]);
  const admissions = new Map<Rule, Admission>();
  for (const [rule, body] of bodies) {
    const { paths } = body;
    const ways = paths.map((path) => conditionsOf(path, levels, places, params));
    const always = others
      .filter((place) => paths.every((path) => path.some((one) => one.place === place)))
      .map((place): Condition => ({ kind: "admit", of: operandOf(places.list[place], params), wants: [] }));
    const held = looks
      ? body.memberships.map(({ key, collection }): Condition => ({
          kind: "holds",
          key: operandOf(key, params),
          collection: operandOf(collection, params),
        }))
      : [];
    admissions.set(rule, joined(ways, [...always, ...held]));
  }
  return admissions;
}

/** Whether rules all give one value, whatever their bodies find. */
function agree(rules: readonly Rule[]): boolean {
  const values = rules.flatMap(({ head }) => (head.value === undefined ? [] : [head.value]));
  const [first] = values;
  return first === undefined || (isConstant(first) && values.every((value) => sameValue(value, first)));
}

/** The places in the order in which they are asked about, and those of which only their being there matters. */
function levelsOf(
  places: Places,
  bodies: readonly BodyConstraints[],
): { readonly levels: readonly number[]; readonly others: readonly number[] } {
  const valued = new Set<number>();
  for (const { own, either } of bodies) {
    for (const { place, value } of [...own, ...either.flat(2)]) if (!isVariable(value)) valued.add(place);
  }
  const counts = (place: number): number => places.counts[place] ?? 0;
  const sorted = places.list
    .flatMap((_, place) => (counts(place) > 0 ? [place] : []))
    .toSorted(
      (a, b) =>
        (places.alternations[a] ?? 0) - (places.alternations[b] ?? 0) ||
        counts(b) - counts(a) ||
        inText(places.list[a], places.list[b]) ||
        a - b,
    );
  return {
    levels: sorted.filter((place) => valued.has(place)),
    others: sorted.filter((place) => !valued.has(place)),
  };
}

/** The order of two places by where they are written. */
function inText(a: Place | undefined, b: Place | undefined): number {
  if (a?.at === undefined || b?.at === undefined) return Number(a?.at !== undefined) - Number(b?.at !== undefined);
  const [left, right] = [a.at.source.name, b.at.source.name];
  return left === right ? a.at.start - b.at.start : left < right ? -1 : 1;
}

/** What one path asks, level by level, as far as the levels go for it. */
function conditionsOf(
  path: Path,
  levels: readonly number[],
  places: Places,
  params: readonly Local[],
): readonly Condition[] {
  const conditions: Condition[] = [];
  let remaining = path.length;
  for (const level of levels) {
    if (remaining === 0) break;
    const all = path.filter(({ place }) => place === level);
    if (all.length === 0) continue;
    remaining -= all.length;
    const known = all.filter(({ value }) => !isVariable(value));
    const of = operandOf(places.list[level], params);
    if (known.length < 2) {
      conditions.push({ kind: "admit", of, wants: wantsOf(known) });
      continue;
    }
    const ends = remaining === 0 || known.some(isAffix) || known.some(({ value }) => !isScalar(value));
    conditions.push({ kind: "admit", of, wants: wantsOf(ends ? oneEnd(known) : known) });
    // Several values of this kind end the path: what it asks at later levels is not looked at.
    if (ends) break;
  }
  return conditions;
}

function isAffix({ relation }: Constraint): boolean {
  return relation === "prefix" || relation === "suffix";
}

/** Of what a value begins with and what it ends with only one is looked at: the one whose shortest text is longer. */
function oneEnd(constraints: readonly Constraint[]): readonly Constraint[] {
  const shortest = (relation: Constraint["relation"]): number =>
    Math.min(
      ...constraints.flatMap((one) =>
        one.relation === relation && one.value.kind === "string" ? [utf8(one.value.value).length] : [],
      ),
    );
  const [prefix, suffix] = [shortest("prefix"), shortest("suffix")];
  if (prefix === Infinity || suffix === Infinity) return constraints;
  const dropped = suffix > prefix ? "prefix" : "suffix";
  return constraints.filter(({ relation }) => relation !== dropped);
}

/** What a value may be; nothing where it may be anything that is there. */
function wantsOf(constraints: readonly Constraint[]): readonly Want[] {
  const wants: Want[] = [];
  for (const { value, relation, delimiters } of constraints) {
    if (relation === "prefix" || relation === "suffix") {
      if (value.kind === "string") wants.push({ kind: relation, text: value.value });
    } else if (relation === "member") wants.push({ kind: "member", term: value });
    else if (value.kind === "array") {
      const parts = value.items.map((item) => (isScalar(item) ? item : undefined));
      wants.push({ kind: "parts", parts, ...(delimiters === undefined ? {} : { delimiters }) });
    } else if (isScalar(value)) wants.push({ kind: "same", term: value });
    else return [];
  }
  return wants;
}

function operandOf(place: Place | undefined, params: readonly Local[]): Operand {
  if (place === undefined) throw new Error("a place has a number");
  const { root, argument, keys } = place;
  if (root === "argument") {
    const param = params[argument];
    if (param === undefined) throw new Error("an argument has a parameter");
    return below(param, keys);
  }
  if (root === "input") return below({ kind: "input" }, keys);
  const path: string[] = [];
  for (const key of keys) {
    if (key.kind !== "string") break;
    path.push(key.value);
  }
  return below({ kind: "base", path }, keys.slice(path.length));
}

function below(of: Operand, keys: readonly Term[]): Operand {
  return keys.reduce<Operand>((from, term) => ({ kind: "lookup", of: from, key: { kind: "constant", term } }), of);
}

/** Several ways as what all of them ask, and what is left of each. */
function joined(ways: readonly (readonly Condition[])[], always: readonly Condition[]): Admission {
  const [first = [], ...others] = ways;
  if (others.length === 0) return { all: [...first, ...always], any: [] };
  const texts = ways.map((way) => new Set(way.map(conditionText)));
  const isCommon = (one: Condition): boolean => texts.every((own) => own.has(conditionText(one)));
  return {
    all: [...first.filter(isCommon), ...always],
    any: ways.map((way) => way.filter((one) => !isCommon(one))),
  };
}

function conditionText(condition: Condition): string {
  if (condition.kind === "holds") return `holds ${readText(condition.key)} ${readText(condition.collection)}`;
  return JSON.stringify([readText(condition.of), condition.wants], (key, value: unknown) =>
    key === "span" ? undefined : value,
  );
}
