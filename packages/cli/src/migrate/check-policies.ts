/** What becomes of templates and constraints. */
import { checkEnforcementAction, type Client } from "@portcullis/policy";
import { groupVersionKindOf, isJsonArray, nameOf, own, ownPath, ownString, type JsonObject } from "@portcullis/objects";
import type { Finding } from "./finding.ts";

/** Adds a template to the client, and says what came of it. */
export async function checkTemplate(client: Client, template: JsonObject): Promise<Finding> {
  const subject = `ConstraintTemplate ${nameOf(template)}`;
  const added = await client.addTemplate(template);
  if (!added.ok) {
    const { message, location, help } = added.problem;
    const where =
      location === undefined ? "" : ` (${location.source}, line ${location.row}, column ${location.column})`;
    const text = `${message}${where}${help === undefined ? "" : `; ${help}`}`;
    if (!isBadEverywhere(template)) return { fate: "stops", subject, text };
    return { fate: "differs", subject, text: `is not in force now either, and is refused when it is applied: ${text}` };
  }
  if (hasCel(template)) {
    return { fate: "differs", subject, text: "its Rego is run; its CEL comes with a later version" };
  }
  return { fate: "works", subject, text: "compiles" };
}

/** Whether the cluster says that it never came into force on any Pod. */
function isBadEverywhere(template: JsonObject): boolean {
  const byPod = ownPath(template, "status", "byPod");
  const entries = isJsonArray(byPod) ? byPod : [];
  return (
    ownPath(template, "status", "created") !== true &&
    entries.length > 0 &&
    entries.every((entry) => {
      const errors = own(entry, "errors");
      return isJsonArray(errors) && errors.length > 0;
    })
  );
}

function hasCel(template: JsonObject): boolean {
  const targets = ownPath(template, "spec", "targets");
  if (!isJsonArray(targets)) return false;
  return targets.some((target) => {
    const code = own(target, "code");
    return isJsonArray(code) && code.some((entry) => ownString(entry, "engine") === "K8sNativeValidation");
  });
}

/** Says what becomes of a constraint whose template was checked before. */
export function checkConstraint(client: Client, constraint: JsonObject): Finding {
  const { kind } = groupVersionKindOf(constraint);
  const subject = `${kind} ${nameOf(constraint)}`;
  if (!client.templates.has(kind.toLowerCase())) {
    return { fate: "stops", subject, text: "its template is not here or is refused" };
  }
  const added = client.addConstraint(constraint);
  if (!added.ok) return { fate: "stops", subject, text: added.problem.message };
  const action = ownString(own(constraint, "spec"), "enforcementAction") ?? "deny";
  const problem = checkEnforcementAction(action, constraint);
  if (problem !== undefined) return { fate: "stops", subject, text: problem.message };
  if (ownString(ownPath(constraint, "spec", "match"), "source") === "Generated") {
    return { fate: "stops", subject, text: "matches only what expansion makes, which comes with a later version" };
  }
  const places = action === "scoped" ? placesOf(constraint) : ["*"];
  if (places.some((place) => place === "*" || place === "validation.gatekeeper.sh")) {
    return { fate: "works", subject, text: `enforced at admission (${action})` };
  }
  const later = places.filter((place) => place !== "gator.gatekeeper.sh");
  if (later.length === 0) return { fate: "works", subject, text: "for files alone, as in Gatekeeper" };
  return { fate: "stops", subject, text: `is enforced at ${later.join(", ")} alone, which comes with a later version` };
}

function placesOf(constraint: JsonObject): readonly string[] {
  const actions = ownPath(constraint, "spec", "scopedEnforcementActions");
  const places = (isJsonArray(actions) ? actions : []).flatMap((each) => {
    const points = own(each, "enforcementPoints");
    return (isJsonArray(points) ? points : []).flatMap((point) => ownString(point, "name") ?? []);
  });
  return [...new Set(places)];
}
