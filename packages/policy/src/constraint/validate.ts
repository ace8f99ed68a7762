import {
  checkDns1123Subdomain,
  checkLabelSelector,
  findUnknownFields,
  formatFieldErrors,
  groupVersionKindOf,
  nameOf,
  ownPath,
  quoteGo,
  validateValue,
  type JsonValue,
  type PatternCompiler,
} from "@portcullis/objects";
import { failure, success, type Outcome } from "../problem.ts";
import { constraintGroup, constraintVersions, type ConstraintCrd } from "../template/constraint-crd.ts";

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

/** Everything about a constraint that its kind's CRD decides, in Gatekeeper's order and words. */
export function validateConstraint(
  constraint: JsonValue,
  crd: ConstraintCrd,
  patterns: PatternCompiler,
): Outcome<JsonValue> {
  for (const field of ["labelSelector", "namespaceSelector"]) {
    // Gatekeeper reports both selectors under this path.
    const errors = checkLabelSelector(ownPath(constraint, "spec", "match", field), "spec.labelSelector");
    if (errors.length > 0) return failure("constraint", `${prefix}: ${formatFieldErrors(errors)}`);
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
    return failure("schema", `schema validation failed: ${formatFieldErrors(errors)}`, {
      help: `compare it with the schema of its kind: kubectl explain ${crd.name.split(".")[0]}.spec`,
    });
  }
  const unknown = findUnknownFields(constraint, crd.schema);
  if (unknown.length > 0) return failure("constraint", `${prefix}: unknown fields: [${unknown.join(" ")}]`);
  return success(constraint);
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
