/** The CustomResourceDefinition that a template makes for its constraints. */
import {
  checkDns1035Label,
  checkDns1123Subdomain,
  checkResourceSchema,
  childPath,
  decodeSchema,
  formatFieldErrors,
  invalid,
  keyPath,
  setOwn,
  type FieldError,
  type JsonObject,
  type JsonValue,
  type PatternCompiler,
  type Schema,
} from "@portcullis/objects";
import { matchSchema } from "../crds/match-schema-data.ts";
import { failure, success, type Outcome } from "../problem.ts";
import type { ConstraintTemplate } from "./template.ts";

/** The group of all constraints. */
export const constraintGroup = "constraints.gatekeeper.sh";

/** The versions of all constraints; the first is stored. */
export const constraintVersions: readonly string[] = ["v1beta1", "v1alpha1"];

/** A constraint CRD, and its schema made ready. */
export interface ConstraintCrd {
  readonly name: string;
  readonly object: JsonObject;
  readonly schema: Schema;
}

/** Makes the CRD of a template's constraints, and checks it as the API server would. */
export function makeConstraintCrd(template: ConstraintTemplate, patterns: PatternCompiler): Outcome<ConstraintCrd> {
  const { kind, shortNames } = template;
  const plural = kind.toLowerCase();
  const schema = constraintSchema(template.parameters);
  const names = {
    plural,
    singular: plural,
    ...(shortNames.length > 0 ? { shortNames: [...shortNames] } : {}),
    kind,
    listKind: `${kind}List`,
    categories: ["constraint", "constraints"],
  };
  const name = `${plural}.${constraintGroup}`;
  const errors: FieldError[] = checkDns1123Subdomain(name).map((text) => invalid("metadata.name", name, text));
  errors.push(...checkNames(kind, shortNames));
  const path = "spec.validation.openAPIV3Schema";
  const decoded = decodeSchema(schema, path);
  errors.push(...(decoded.ok ? checkResourceSchema(decoded.schema, path, patterns) : decoded.errors));
  if (!decoded.ok || errors.length > 0) {
    return failure("template", `invalid ConstraintTemplate: ${formatFieldErrors(errors)}`);
  }
  const versions = constraintVersions.map((version, at) => ({
    name: version,
    served: true,
    storage: at === 0,
    schema: { openAPIV3Schema: schema },
    subresources: { status: {} },
    additionalPrinterColumns: printerColumns,
  }));
  const object: JsonObject = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name, labels: { ...template.labels, "gatekeeper.sh/constraint": "yes" } },
    spec: {
      group: constraintGroup,
      names,
      scope: "Cluster",
      versions,
      conversion: { strategy: "None" },
      preserveUnknownFields: false,
    },
  };
  return success({ name, object, schema: decoded.schema });
}

const printerColumns: JsonValue = [
  {
    name: "enforcement-action",
    type: "string",
    description: "Type of enforcement action",
    jsonPath: ".spec.enforcementAction",
  },
  {
    name: "total-violations",
    type: "integer",
    description: "Total number of violations",
    jsonPath: ".status.totalViolations",
  },
];

function constraintSchema(parameters: JsonValue | undefined): JsonObject {
  const spec: { [key: string]: JsonValue } = {
    match: matchSchema,
    enforcementAction: { type: "string", default: "deny" },
    scopedEnforcementActions: {
      type: "array",
      items: {
        type: "object",
        properties: {
          action: { type: "string" },
          enforcementPoints: {
            type: "array",
            items: { type: "object", properties: { name: { type: "string" } } },
          },
        },
      },
    },
  };
  if (parameters !== undefined) setOwn(spec, "parameters", parameters);
  return {
    type: "object",
    properties: {
      metadata: { type: "object", properties: { name: { type: "string", maxLength: 63 } } },
      spec: { type: "object", properties: spec },
      status: { "x-kubernetes-preserve-unknown-fields": true },
    },
  };
}

function checkNames(kind: string, shortNames: readonly string[]): readonly FieldError[] {
  const errors: FieldError[] = [];
  const lower = checkDns1035Label(kind.toLowerCase()).join(",");
  if (lower !== "") {
    const mixed = `may have mixed case, but should otherwise match: ${lower}`;
    errors.push(invalid("spec.names.plural", kind.toLowerCase(), lower));
    errors.push(invalid("spec.names.singular", kind.toLowerCase(), lower));
    errors.push(invalid("spec.names.kind", kind, mixed));
  }
  const list = checkDns1035Label(`${kind}List`.toLowerCase()).join(",");
  if (list !== "") {
    const mixed = `may have mixed case, but should otherwise match: ${list}`;
    errors.push(invalid("spec.names.listKind", `${kind}List`, mixed));
  }
  for (const [at, shortName] of shortNames.entries()) {
    const wrong = checkDns1035Label(shortName);
    if (wrong.length > 0) {
      errors.push(invalid(keyPath(childPath("spec.names", "shortNames"), at), shortName, wrong.join(",")));
    }
  }
  return errors;
}
