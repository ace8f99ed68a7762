import { isJsonArray, isJsonObject, own, type JsonValue } from "@portcullis/objects";
import { formatGoValue } from "../../go-value.ts";
import { failure, success, type Outcome } from "../../problem.ts";
import { codeFor } from "../driver.ts";
import type { ConstraintTemplate } from "../../template/template.ts";

/** The Rego of a template, as text. */
export interface RegoSource {
  readonly rego: string;
  readonly libs: readonly string[];
  /** Only `v1` is v1; whatever else the template says is v0. */
  readonly version: "v0" | "v1";
}

/** Takes the Rego out of a template; the texts are Gatekeeper's. */
export function regoSourceOf(template: ConstraintTemplate): Outcome<RegoSource> {
  const source = codeFor(template, "Rego");
  if (source === undefined) return failure("code", "could not extract Rego from the constraint template");
  if (!isJsonObject(source)) return failure("code", "could not recognize the type");
  const rego = own(source, "rego");
  if (rego === undefined) return failure("code", "rego source missing required field: rego");
  if (typeof rego !== "string") return failure("code", `${accessor("rego", rego)}: while extracting Rego source`);
  const version = own(source, "version") ?? "";
  if (typeof version !== "string") {
    return failure("code", `${accessor("version", version)}: while extracting Rego version`);
  }
  const libs = own(source, "libs") ?? [];
  if (!isJsonArray(libs) || !libs.every((lib) => typeof lib === "string")) {
    return failure("code", `${accessor("libs", libs)}: while extracting Rego libs`);
  }
  return success({
    rego,
    libs: libs.filter((lib) => typeof lib === "string"),
    version: version === "v1" ? "v1" : "v0",
  });
}

/** The text of Kubernetes' accessors for unstructured objects; numbers are Go's doubles there. */
function accessor(field: string, value: JsonValue): string {
  const { text, type } = formatGoValue(value);
  const found = type === "json.Number" ? "float64" : type;
  return `.${field} accessor error: ${text} is of the type ${found}, expected ${field === "libs" ? "[]interface{}" : "string"}`;
}
