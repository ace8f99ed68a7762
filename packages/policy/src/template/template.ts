import type { JsonObject, JsonValue } from "@portcullis/objects";

/** The only target that Gatekeeper has, and we too. */
export const targetName = "admission.k8s.gatekeeper.sh";

/** The versions of the template API. */
export const templateVersions: readonly string[] = ["v1", "v1beta1", "v1alpha1"];

/** A ConstraintTemplate in the one form that all its versions come down to. */
export interface ConstraintTemplate {
  readonly name: string;
  readonly labels: JsonObject;
  /** The kind of its constraints; empty where the template does not say. */
  readonly kind: string;
  readonly shortNames: readonly string[];
  /** The schema of `spec.parameters`, the legacy rules applied; absent where constraints have no parameters. */
  readonly parameters?: JsonValue;
  readonly targets: readonly TemplateTarget[];
}

/** What a template has for one target. */
export interface TemplateTarget {
  /** The target's name; `targetName` in a template that is in order. */
  readonly target: string;
  /** One entry per engine; the legacy fields `rego` and `libs` are one of them. */
  readonly code: readonly TemplateCode[];
  /** The operations to which the webhook keeps the template; absent means all. */
  readonly operations?: readonly string[];
}

/** A template's code for one engine. */
export interface TemplateCode {
  readonly engine: string;
  /** In the engine's own form; Rego has `rego`, `libs` and `version`. */
  readonly source: JsonValue;
}

/** The name of a template whose constraints are of a kind. */
export function templateNameOf(kind: string): string {
  return kind.toLowerCase();
}
