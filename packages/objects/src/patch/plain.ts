/** A JSON object; only own properties count. */
export interface Plain {
  [field: string]: unknown;
}

/** Says whether a value is a JSON object (not null, not a list). */
export function isPlain(value: unknown): value is Plain {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The own property of that name, or undefined. */
export function own(source: Plain, key: string): unknown {
  return Object.hasOwn(source, key) ? source[key] : undefined;
}

/** Sets an own property even where the name is `__proto__`. */
export function put(target: Plain, key: string, value: unknown): void {
  if (key === "__proto__") {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    target[key] = value;
  }
}

/** A shallow copy with own properties only. */
export function shallow(source: Plain): Plain {
  const result: Plain = {};
  for (const key of Object.keys(source)) put(result, key, source[key]);
  return result;
}

/** Equality of JSON values; the order of members does not count, `1` and `1n` are the same number. */
export function equalJson(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (Array.isArray(left)) {
    return (
      Array.isArray(right) && left.length === right.length && left.every((item, index) => equalJson(item, right[index]))
    );
  }
  if (isPlain(left)) {
    if (!isPlain(right)) return false;
    const keys = Object.keys(left);
    return (
      keys.length === Object.keys(right).length &&
      keys.every((key) => Object.hasOwn(right, key) && equalJson(left[key], right[key]))
    );
  }
  if (typeof left === "bigint" || typeof right === "bigint") {
    // Loose equality is exact between bigint and number, which is what is wanted here.
    return isNumeric(left) && isNumeric(right) && Number(left) === Number(right) && BigInt(left) === BigInt(right);
  }
  return false;
}

function isNumeric(value: unknown): value is number | bigint {
  return typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value));
}
