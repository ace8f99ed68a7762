/** Whether two JSON values are the same; the order of members does not count, and an undefined member is absent. */
export function equalFields(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) {
    return typeof left === "bigint" && typeof right === "number" && left === BigInt(Math.trunc(right));
  }
  if (Array.isArray(left) || Array.isArray(right)) {
    if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false;
    return left.every((item, index) => equalFields(item, right[index]));
  }
  return (
    sameMembers(Object.entries(left), right) &&
    Object.entries(right).every(([key, value]) => value === undefined || Object.hasOwn(left, key))
  );
}

function sameMembers(entries: readonly (readonly [string, unknown])[], right: object): boolean {
  const members = new Map<string, unknown>(Object.entries(right));
  return entries.every(([key, value]) =>
    value === undefined ? members.get(key) === undefined : equalFields(value, members.get(key)),
  );
}
