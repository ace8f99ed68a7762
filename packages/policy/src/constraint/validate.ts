import {
  checkDns1123Subdomain,
  checkLabelSelector,
  formatFieldErrors,
  groupVersionKindOf,
  isJsonObject,
  jsonTypeOf,
  nameOf,
  own,
  ownPath,
  quoteGo,
  validateValue,
  type JsonValue,
  type PatternCompiler,
} from "@portcullis/objects";
import { formatGoValue } from "../go-value.ts";
import { failure, success, type Outcome } from "../problem.ts";
import { constraintGroup, constraintVersions, type ConstraintCrd } from "../template/constraint-crd.ts";
import { describeStrayField, strayFieldsOf } from "./unknown-fields.ts";

const prefix = "invalid Constraint";

/** Whether an object is a constraint, by its group. */
export function isConstraint(object: unknown): boolean {
  return groupVersionKindOf(object).group === constraintGroup;
}

/** The checks that come before the template is looked for. */
export function checkConstraintIdentity(constraint: JsonValue): Outcome<JsonValue> {
  const name = nameOf(constraint);
  const { group, kind } = groupVersionKindOf(constraint);
  if (name === "") return failure("constraint", `${prefix}: missing metadata.name`);
  if (kind === "") return failure("constraint", `${prefix}: missing kind`);
  if (group !== constraintGroup) {
    return failure(
      "constraint",
      `${prefix}: wrong API Group for Constraint ${quoteGo(name)}, got ${quoteGo(group)} but need ${quoteGo(constraintGroup)}`,
    );
  }
  return success(constraint);
}

/** What becomes of a constraint that has fields which its kind does not have. */
export type StrayFields = "refused" | "ignored";

/** Everything about a constraint that its kind's CRD decides, in Gatekeeper's order and words. */
export function validateConstraint(
  constraint: JsonValue,
  crd: ConstraintCrd,
  patterns: PatternCompiler,
  strays: StrayFields = "refused",
): Outcome<JsonValue> {
  for (const field of ["labelSelector", "namespaceSelector"]) {
    const wrong = checkSelector(constraint, field);
    if (wrong !== undefined) return failure("constraint", `${prefix}: ${wrong}`);
  }
  const name = nameOf(constraint);
  const nameErrors = checkDns1123Subdomain(name);
  if (nameErrors.length > 0) {
    return failure("constraint", `${prefix}: invalid name: ${quoteGo(nameErrors.join("\n"))}`);
  }
  const identity = checkKind(constraint, crd);
  if (!identity.ok) return identity;
  const errors = validateValue(crd.schema, constraint, patterns);
  if (errors.length > 0) {
    // Gatekeeper's root has no name, which Kubernetes prints as an empty index.
    const rooted = errors.map((error) => ({ ...error, path: error.path === "" ? "[]" : `[].${error.path}` }));
    return failure("schema", `schema validation failed: ${formatFieldErrors(rooted)}`, {
      help: `compare it with the schema of its kind: kubectl explain ${crd.name.split(".")[0]}.spec`,
    });
  }
  const unknown = strays === "refused" ? strayFieldsOf(constraint, crd) : [];
  if (unknown.length === 0) return success(constraint);
  return failure("constraint", `${prefix}: unknown fields: [${unknown.map(({ path }) => path).join(" ")}]`, {
    help: unknown.map(describeStrayField).join("\n"),
  });
}

function checkKind(constraint: JsonValue, crd: ConstraintCrd): Outcome<JsonValue> {
  const name = nameOf(constraint);
  const { group, version, kind } = groupVersionKindOf(constraint);
  const want = ownPath(crd.object, "spec", "names", "kind");
  if (kind !== want) {
    // The name and the kind stand in each other's place, as in Gatekeeper.
    const wanted = typeof want === "string" ? want : "";
    return failure(
      "constraint",
      `${prefix}: wrong kind ${quoteGo(name)} for constraint ${quoteGo(kind)}; want ${quoteGo(wanted)}`,
    );
  }
  if (group !== constraintGroup) {
    return failure(
      "constraint",
      `${prefix}: unsupported group ${quoteGo(name)} for constraint ${quoteGo(group)}; allowed group: ${quoteGo(constraintGroup)}`,
    );
  }
  if (!constraintVersions.includes(version)) {
    const supported = constraintVersions.toSorted().map((item) => `${item}:true`);
    return failure(
      "constraint",
      `${prefix}: unsupported version ${quoteGo(version)} for Constraint ${quoteGo(name)}; supported versions: map[${supported.join(" ")}]`,
    );
  }
  return success(constraint);
}

function checkSelector(constraint: JsonValue, field: string): string | undefined {
  const selector = ownPath(constraint, "spec", "match", field);
  if (selector === undefined || selector === null) return undefined;
  if (!isJsonObject(selector)) {
    const { text, type } = formatGoValue(selector);
    const found = type === "json.Number" ? "float64" : type;
    return `.spec.match.${field} accessor error: ${text} is of the type ${found}, expected map[string]interface{}`;
  }
  const labels = own(selector, "matchLabels");
  const wrong = isJsonObject(labels) ? Object.values(labels).find((value) => typeof value !== "string") : undefined;
  if (wrong !== undefined) {
    const type = jsonTypeOf(wrong).replace("integer", "number").replace("boolean", "bool");
    return `Could not convert JSON to LabelSelector: json: cannot unmarshal ${type} into Go struct field LabelSelector.matchLabels of type string`;
  }
  // Gatekeeper reports both selectors under this path.
  const errors = checkLabelSelector(selector, "spec.labelSelector");
  return errors.length > 0 ? formatFieldErrors(errors) : undefined;
}
