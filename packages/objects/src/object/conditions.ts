import { isJsonArray, own, ownString } from "../json/value.ts";

/** Whether the object's status says that a condition of this type holds. */
export function hasCondition(object: unknown, type: string): boolean {
  const conditions = own(own(object, "status"), "conditions");
  return (
    isJsonArray(conditions) &&
    conditions.some((condition) => ownString(condition, "type") === type && ownString(condition, "status") === "True")
  );
}
