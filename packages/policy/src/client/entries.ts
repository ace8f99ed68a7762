import type { JsonObject, JsonValue } from "@portcullis/objects";
import type { Enforcement } from "../constraint/enforcement.ts";
import type { CompiledTemplate } from "../driver/driver.ts";
import type { Match } from "../match/match.ts";
import type { ConstraintCrd } from "../template/constraint-crd.ts";
import type { ConstraintTemplate } from "../template/template.ts";

/** A template in force. */
export interface TemplateEntry {
  readonly template: ConstraintTemplate;
  readonly crd: ConstraintCrd;
  /** The engine that its code runs on. */
  readonly engine: string;
  readonly compiled: CompiledTemplate;
  /** Its constraints by name. */
  readonly constraints: ReadonlyMap<string, ConstraintEntry>;
}

/** A constraint in force. */
export interface ConstraintEntry {
  readonly name: string;
  /** The constraint with its defaults, without its status. */
  readonly constraint: JsonObject;
  /** One value for all constraints of the template whose parameters are equal. */
  readonly parameters: JsonValue;
  readonly enforcement: Enforcement;
  /** Absent where the constraint has no match block, and then every object matches unseen. */
  readonly match?: Match;
}
