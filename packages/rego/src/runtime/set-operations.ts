import { RegoSet } from "./set.ts";

/** The members of a that are in b too. */
export function intersect(a: RegoSet, b: RegoSet): RegoSet {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  const common = new RegoSet();
  for (const item of small.items()) if (large.has(item)) common.add(item);
  return common;
}

/** The members of any. */
export function unite(parts: Iterable<RegoSet>): RegoSet {
  const whole = new RegoSet();
  for (const part of parts) for (const item of part.items()) whole.add(item);
  return whole;
}

/** The members of a that are not in b. */
export function difference(a: RegoSet, b: RegoSet): RegoSet {
  const rest = new RegoSet();
  for (const item of a.items()) if (!b.has(item)) rest.add(item);
  return rest;
}
