import { compareBytes, quoteGo } from "../json/go.ts";
import { isJsonArray, isJsonObject, own, type JsonObject, type JsonValue } from "../json/value.ts";
import {
  childPath,
  formatFieldErrors,
  forbidden,
  invalid,
  keyPath,
  notSupported,
  required,
  typeInvalid,
  type FieldError,
} from "./field-error.ts";
import { checkLabelKey, checkLabelValue } from "./names.ts";
import { writeJson } from "../json/write.ts";

/** How a requirement relates a label to its values. `Gt` and `Lt` stand in selectors written as text only. */
export type LabelOperator = "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt";

export interface LabelRequirement {
  readonly key: string;
  readonly operator: LabelOperator;
  readonly values: readonly string[];
}

/** A selector made ready: every requirement must hold. No requirement selects everything. */
export type LabelSelector = readonly LabelRequirement[];

/** A selector that was read, or the text of what is wrong with it. */
export type SelectorReading<T> =
  | { readonly ok: true; readonly selector: T }
  | { readonly ok: false; readonly message: string };

/** What is wrong with a `metav1.LabelSelector` at `path`, in Kubernetes' words. */
export function checkLabelSelector(selector: JsonValue | undefined, path: string): readonly FieldError[] {
  if (selector === undefined || selector === null) return [];
  if (!isJsonObject(selector)) return [typeInvalid(path, selector, "must be an object")];
  const errors: FieldError[] = [];
  const labelsPath = childPath(path, "matchLabels");
  for (const [key, value] of entriesOf(own(selector, "matchLabels"))) {
    errors.push(...checkLabelKey(key).map((text) => invalid(labelsPath, key, text)));
    if (typeof value === "string") {
      errors.push(...checkLabelValue(value).map((text) => invalid(labelsPath, value, text)));
    } else errors.push(typeInvalid(labelsPath, value, "must be a string"));
  }
  const expressions = own(selector, "matchExpressions");
  for (const [at, expression] of (isJsonArray(expressions) ? expressions : []).entries()) {
    errors.push(...checkRequirement(expression, keyPath(childPath(path, "matchExpressions"), at)));
  }
  return errors;
}

function checkRequirement(expression: JsonValue, path: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  const values = stringsOf(own(expression, "values"));
  const operator = own(expression, "operator");
  if (operator === "In" || operator === "NotIn") {
    if (values.length === 0) {
      errors.push(required(childPath(path, "values"), "must be specified when `operator` is 'In' or 'NotIn'"));
    }
  } else if (operator === "Exists" || operator === "DoesNotExist") {
    if (values.length > 0) {
      const detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
      errors.push(forbidden(childPath(path, "values"), detail));
    }
  } else errors.push(invalid(childPath(path, "operator"), operator ?? "", "not a valid selector operator"));
  const key = textOf(own(expression, "key"));
  errors.push(...checkLabelKey(key).map((text) => invalid(childPath(path, "key"), key, text)));
  for (const [at, value] of values.entries()) {
    const valuePath = keyPath(childPath(path, "values"), at);
    errors.push(...checkLabelValue(value).map((text) => invalid(valuePath, value, text)));
  }
  return errors;
}

/** Makes a `metav1.LabelSelector` ready to match; the message is that of Kubernetes' `LabelSelectorAsSelector`. */
export function compileLabelSelector(selector: JsonObject): SelectorReading<LabelSelector> {
  const requirements: LabelRequirement[] = [];
  for (const [key, value] of entriesOf(own(selector, "matchLabels"))) {
    requirements.push({ key, operator: "In", values: [textOf(value)] });
  }
  const expressions = own(selector, "matchExpressions");
  for (const expression of isJsonArray(expressions) ? expressions : []) {
    const operator = own(expression, "operator");
    if (operator !== "In" && operator !== "NotIn" && operator !== "Exists" && operator !== "DoesNotExist") {
      const shown = quoteGo(textOf(operator));
      return { ok: false, message: `${shown} is not a valid label selector operator` };
    }
    requirements.push({ key: textOf(own(expression, "key")), operator, values: stringsOf(own(expression, "values")) });
  }
  for (const requirement of requirements) {
    const errors = checkRequirementValues(requirement, requirement.operator);
    if (errors.length > 0) return { ok: false, message: formatFieldErrors(errors) };
  }
  return { ok: true, selector: requirements };
}

const operatorWords = ["in", "notin", "=", "==", "!=", "gt", "lt", "exists", "!"];

/** The checks of one requirement, under the names that Kubernetes gives its fields there. */
export function checkRequirementValues(of: LabelRequirement, operator: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { key, values } = of;
  const keyErrors = checkLabelKey(key);
  if (keyErrors.length > 0) errors.push(invalid("key", key, keyErrors.join("; ")));
  switch (operator) {
    case "In":
    case "NotIn":
      if (values.length === 0) {
        errors.push(invalid("values", [...values], "for 'in', 'notin' operators, values set can't be empty"));
      }
      break;
    case "Exists":
    case "DoesNotExist":
      if (values.length > 0) {
        errors.push(invalid("values", [...values], "values set must be empty for exists and does not exist"));
      }
      break;
    case "Gt":
    case "Lt":
      if (values.length !== 1) {
        errors.push(invalid("values", [...values], "for 'Gt', 'Lt' operators, exactly one value is required"));
      }
      for (const [at, value] of values.entries()) {
        if (!isInt64(value)) {
          const detail = "for 'Gt', 'Lt' operators, the value must be an integer";
          errors.push(invalid(keyPath("values", at), value, detail));
        }
      }
      break;
    default:
      errors.push(notSupported("operator", operator, operatorWords));
  }
  for (const [at, value] of values.entries()) {
    const valueErrors = checkLabelValue(value);
    if (valueErrors.length > 0) {
      errors.push(invalid(keyPath(keyPath("values", at), key), value, valueErrors.join("; ")));
    }
  }
  return errors;
}

/** Whether labels meet every requirement. */
export function matchesLabels(selector: LabelSelector, labels: JsonObject): boolean {
  for (const requirement of selector) {
    if (!meets(requirement, labels)) return false;
  }
  return true;
}

function meets({ key, operator, values }: LabelRequirement, labels: JsonObject): boolean {
  const value = own(labels, key);
  switch (operator) {
    case "In":
      return typeof value === "string" && values.includes(value);
    case "NotIn":
      return !(typeof value === "string" && values.includes(value));
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
    case "Lt": {
      const [bound = ""] = values;
      if (typeof value !== "string" || !isInt64(value) || !isInt64(bound)) return false;
      return operator === "Gt" ? BigInt(value) > BigInt(bound) : BigInt(value) < BigInt(bound);
    }
  }
}

function isInt64(text: string): boolean {
  if (!/^[+-]?\d{1,19}$/.test(text)) return false;
  const number = BigInt(text.replace(/^\+/, ""));
  return BigInt.asIntN(64, number) === number;
}

function entriesOf(value: JsonValue | undefined): readonly (readonly [string, JsonValue])[] {
  // Kubernetes visits a map in no order; sorted, a message is the same each time.
  return isJsonObject(value) ? Object.entries(value).toSorted(([a], [b]) => compareBytes(a, b)) : [];
}

function stringsOf(value: JsonValue | undefined): readonly string[] {
  return isJsonArray(value) ? value.map(textOf) : [];
}

function textOf(value: JsonValue | undefined): string {
  if (typeof value === "string") return value;
  // Not by String(): an object may have a `toString` of its own.
  return value === undefined || value === null ? "" : writeJson(value);
}
