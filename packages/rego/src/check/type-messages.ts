/** The lines below a type error: what was had, and what was wanted. */
import type { Known } from "./type-algebra.ts";
import { differ, elided, isTooWide } from "./type-difference.ts";
import { argumentLabels, labelled, typeText } from "./type-text.ts";
import { goTogether } from "./type-unifier.ts";
import type { Type } from "./type.ts";

type FunctionType = Type & { readonly kind: "function" };

function line(name: string, texts: readonly string[]): string {
  return `${name}: (${texts.join(", ")})`;
}

/** Both sides of an argument: compared only where they are what the error is about. */
function argumentPair(have: Known, want: Known, label: string | undefined): readonly [string, string] {
  if (have !== undefined && want !== undefined && goTogether(have, want)) return [elided(have), elided(want, label)];
  const [left, right] = differ(have, want);
  return [left, labelled(label, right)];
}

/** What a call was given and what its function takes; with the result where that counts as an argument. */
export function argumentLines(
  have: readonly Known[],
  type: FunctionType,
  withResult: boolean,
  builtin: string,
): readonly string[] {
  const labels = argumentLabels(type, builtin);
  const want = withResult && type.result !== undefined ? [...type.args, type.result] : type.args;
  const label = (index: number): string | undefined =>
    index < type.args.length ? labels[index] : labels[type.args.length];
  const variadic = (text: (type: Known) => string): readonly string[] =>
    type.variadic === undefined ? [] : [`${text(type.variadic)}...`];
  const whole = [
    line("have", have.map(typeText)),
    line("want", [...want.map((each, index) => labelled(label(index), typeText(each))), ...variadic(typeText)]),
  ];
  if (!isTooWide(...whole)) return whole;
  const pairs = want.map((each, index) =>
    index < have.length ? argumentPair(have[index], each, label(index)) : undefined,
  );
  return [
    line(
      "have",
      have.map((each, index) => pairs[index]?.[0] ?? elided(each)),
    ),
    line("want", [
      ...want.map((each, index) => pairs[index]?.[1] ?? elided(each, label(index))),
      ...variadic((each) => elided(each)),
    ]),
  ];
}

const composites: ReadonlyMap<string, string> = new Map([
  ["object", "objects"],
  ["array", "arrays"],
  ["set", "sets"],
]);

/** Both sides of a match that cannot be. */
export function matchLines(left: Known, right: Known): readonly string[] {
  const lines = (a: string, b: string): string[] => [`left  : ${a}`, `right : ${b}`];
  const whole = lines(typeText(left), typeText(right));
  const result = isTooWide(...whole) ? lines(...differ(left, right)) : whole;
  const kind = left !== undefined && left.kind === right?.kind ? composites.get(left.kind) : undefined;
  if (kind !== undefined) {
    result.push(
      `hint  : both sides are ${kind} but their types differ, so they can never be equal (see https://www.openpolicyagent.org/docs/errors/rego-type-error/match-error)`,
    );
  }
  return result;
}
