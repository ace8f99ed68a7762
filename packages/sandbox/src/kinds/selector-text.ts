import { fieldsAt, listAt, mapAt, textAt, textsAt } from "./fields-at.ts";

/** Labels as `a=1,b=2` in key order; `<none>` where there are none. */
export function labelsText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.keys(labels)
    .toSorted()
    .map((key) => `${key}=${labels[key]}`);
  return pairs.length === 0 ? "<none>" : pairs.join(",");
}

/** A label selector as text (`app=web,tier in (a,b)`), empty when it has no requirement. */
export function selectorText(selector: unknown): string {
  const requirements: [key: string, text: string][] = Object.entries(mapAt(selector, "matchLabels")).map(
    ([key, value]) => [key, `${key}=${value}`],
  );
  for (const expression of listAt(selector, "matchExpressions")) {
    const key = textAt(expression, "key");
    const values = textsAt(expression, "values").toSorted().join(",");
    requirements.push([key, expressionText(key, textAt(expression, "operator"), values)]);
  }
  return requirements
    .toSorted(([a], [b]) => (a < b ? -1 : Number(a > b)))
    .map(([, text]) => text)
    .join(",");
}

function expressionText(key: string, operator: string, values: string): string {
  if (operator === "In") return `${key} in (${values})`;
  if (operator === "NotIn") return `${key} notin (${values})`;
  return operator === "DoesNotExist" ? `!${key}` : key;
}

/** Says whether labels satisfy a label selector. No selector matches nothing, an empty one everything. */
export function selects(selector: unknown, labels: Readonly<Record<string, string>>): boolean {
  if (selector === undefined || selector === null) return false;
  const wanted = fieldsAt(selector, "matchLabels");
  if (!Object.keys(wanted).every((key) => Object.hasOwn(labels, key) && labels[key] === wanted[key])) return false;
  return listAt(selector, "matchExpressions").every((expression) => satisfies(expression, labels));
}

function satisfies(expression: unknown, labels: Readonly<Record<string, string>>): boolean {
  const key = textAt(expression, "key");
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  const listed = value !== undefined && textsAt(expression, "values").includes(value);
  switch (textAt(expression, "operator")) {
    case "In":
      return listed;
    case "NotIn":
      return !listed;
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return false;
  }
}
