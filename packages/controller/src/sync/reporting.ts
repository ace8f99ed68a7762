import type { GroupVersionKind, JsonObject } from "@portcullis/objects";
import type { PolicyProblem } from "../policies.ts";

/** Where the state of templates and constraints is told. */
export interface Reporting {
  /** Says that a template is in force, or why it is not. */
  reportTemplate(template: JsonObject, problem: PolicyProblem | undefined): void;
  removeTemplate(name: string): void;
  /** Says that a constraint is enforced, or why it is not. */
  reportConstraint(constraint: JsonObject, problem: PolicyProblem | undefined): void;
  removeConstraint(kind: string, name: string): void;
  /** Says that the Config counts, and which of the kinds that it names to be synced nobody serves. */
  reportConfig(config: JsonObject, unserved: readonly GroupVersionKind[]): void;
  removeConfig(name: string): void;
}
