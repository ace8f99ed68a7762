import { isArray, isSet, typeName } from "../runtime/order.ts";
import type { Value } from "../runtime/value.ts";
import { failOperand } from "./failure.ts";
import { failType } from "./operand.ts";

/** The paths of `json.filter` and `json.remove`: JSON pointers or arrays of segments. */
export function pathsOperand(value: Value): readonly (readonly Value[])[] {
  const paths = isArray(value) ? value : isSet(value) ? value.values() : failType(2, value, "set", "array");
  return paths.map(parsePath);
}

/** The segments of one path; a pointer's leading slashes may be absent. */
export function parsePath(path: Value): readonly Value[] {
  if (isArray(path)) return path;
  if (typeof path !== "string") {
    failOperand(
      2,
      `must be one of {set, array} containing string paths or array of path segments but got ${typeName(path)}`,
    );
  }
  if (path === "") return [];
  const segments = path.replace(/^\/+/, "").split("/");
  return segments.map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
}
