/** What a violation of a constraint leads to, and where: its enforcement action, and its scoped actions per place. */
import { isJsonArray, isJsonObject, own, ownPath, quoteGo, type JsonValue } from "@portcullis/objects";
import { failure, success, type Outcome, type Problem } from "../problem.ts";

/** Where constraints are enforced. */
export type EnforcementPoint =
  | "validation.gatekeeper.sh"
  | "audit.gatekeeper.sh"
  | "gator.gatekeeper.sh"
  | "vap.k8s.io";

/** All of them, in Gatekeeper's order. */
export const enforcementPoints: readonly EnforcementPoint[] = [
  "validation.gatekeeper.sh",
  "audit.gatekeeper.sh",
  "gator.gatekeeper.sh",
  "vap.k8s.io",
];

const actions = ["deny", "dryrun", "warn", "scoped"];
const scopedActions = ["deny", "dryrun", "warn"];

/** What one constraint does: one action everywhere, or actions for each place that its scoped entries name. */
export interface Enforcement {
  /** As it stands in the constraint: any text. `scoped` says that `actionsAt` counts. */
  readonly action: string;
  /** The scoped actions at a place; undefined where the constraint is not enforced there. */
  readonly actionsAt: (point: string) => readonly string[] | undefined;
}

const none: readonly string[] = [];

/** Reads a constraint's enforcement; the texts are those of Gatekeeper's framework. */
export function readEnforcement(constraint: JsonValue): Outcome<Enforcement> {
  const action = ownPath(constraint, "spec", "enforcementAction") ?? "deny";
  if (typeof action !== "string") return failure("constraint", "invalid Constraint: invalid spec.enforcementAction");
  if (action !== "scoped") return success({ action, actionsAt: () => none });
  const entries = ownPath(constraint, "spec", "scopedEnforcementActions");
  if (!isJsonArray(entries)) {
    return failure("constraint", "missing required field: spec.scopedEnforcementActions must be defined");
  }
  const byPoint = new Map<string, readonly string[]>();
  let everywhere: readonly string[] = none;
  for (const entry of entries) {
    const scoped = own(entry, "action");
    if (!isJsonObject(entry) || (scoped !== undefined && typeof scoped !== "string")) {
      const shape = "scopedEnforcementActions value must be a [{action: string, enforcementPoints: [{name: string}]}]";
      return failure("constraint", `invalid Constraint: ${shape}`);
    }
    for (const name of pointsOf(entry)) {
      if (name === "*") {
        everywhere = withAction(everywhere, scoped ?? "");
        break;
      }
      byPoint.set(name, withAction(byPoint.get(name) ?? none, scoped ?? ""));
    }
  }
  const merged = new Map([...byPoint].map(([point, own]) => [point, everywhere.reduce(withAction, own)]));
  return success({
    action,
    actionsAt: (point) => merged.get(point) ?? (everywhere.length > 0 ? everywhere : undefined),
  });
}

function withAction(actions: readonly string[], action: string): readonly string[] {
  return actions.includes(action) ? actions : [...actions, action];
}

function pointsOf(entry: JsonValue): readonly string[] {
  const points = own(entry, "enforcementPoints");
  if (!isJsonArray(points)) return [];
  return points.map((point) => {
    const name = own(point, "name");
    return typeof name === "string" ? name : "";
  });
}

/** The webhook's check of a constraint's enforcement action, which a flag can turn off. */
export function checkEnforcementAction(action: string, constraint: JsonValue): Problem | undefined {
  if (action === "scoped") return checkScopedActions(constraint);
  if (scopedActions.includes(action)) return undefined;
  const message = `unrecognized enforcementAction: ${quoteGo(action)} is not within the supported list [${actions.join(" ")}]`;
  return { kind: "constraint", message, help: `use one of ${actions.join(", ")}` };
}

function checkScopedActions(constraint: JsonValue): Problem | undefined {
  const entries = ownPath(constraint, "spec", "scopedEnforcementActions");
  const prefix = "error fetching scopedEnforcementActions";
  if (entries === undefined) {
    return { kind: "constraint", message: `${prefix}: scopedEnforcementActions is required` };
  }
  const unknownPoints: string[] = [];
  const unknownActions: string[] = [];
  for (const entry of isJsonArray(entries) ? entries : []) {
    const action = own(entry, "action");
    const text = typeof action === "string" ? action : "";
    if (!scopedActions.includes(text)) unknownActions.push(text);
    const points = pointsOf(entry);
    if (points.length === 0) unknownPoints.push("");
    const known: readonly string[] = enforcementPoints;
    unknownPoints.push(...points.filter((point) => point !== "*" && !known.includes(point)));
  }
  const errors: string[] = [];
  if (unknownPoints.length > 0) {
    errors.push(
      `unrecognized enforcement points: constraint will not be enforced for enforcement points [${unknownPoints.join(" ")}], supported enforcement points are [${enforcementPoints.join(" ")}]`,
    );
  }
  if (unknownActions.length > 0) {
    errors.push(
      `unrecognized enforcementAction: [${unknownActions.join(" ")}] is not within the supported list [${scopedActions.join(" ")}]`,
    );
  }
  return errors.length === 0 ? undefined : { kind: "constraint", message: errors.join("\n") };
}
