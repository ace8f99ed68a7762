/** The checks of Gatekeeper's own objects when they are created and changed, before any review. */
import { byteLength, groupVersionKindOf, ownPath, ownString, type JsonObject } from "@portcullis/objects";
import { checkEnforcementAction } from "../constraint/enforcement.ts";
import type { Problem } from "../problem.ts";
import type { AdmissionRequest } from "../review/request.ts";
import { checkOperations } from "../template/check.ts";
import { constraintGroup } from "../template/constraint-crd.ts";
import { decodeTemplate } from "../template/decode.ts";
import type { Client } from "./client.ts";

/** How strict the checks are. */
export interface OwnResourceOptions {
  /** Whether any enforcement action is accepted; the controller then refuses to enforce it. */
  readonly anyEnforcementAction?: boolean | undefined;
  /** Whether a template's code is left to the controller, as Gatekeeper leaves it. */
  readonly skipCode?: boolean | undefined;
}

/** Why a request about an own object is refused: 422 where the object is wrong, 500 as Gatekeeper has it elsewhere. */
export interface Refusal {
  readonly code: 422 | 500;
  readonly problem: Problem;
}

/** Groups and kinds whose part of Gatekeeper is not here yet. */
const missing: ReadonlyMap<string, string> = new Map([
  ["mutations.gatekeeper.sh", "mutation"],
  ["expansion.gatekeeper.sh", "expansion"],
  ["externaldata.gatekeeper.sh", "external data"],
  ["connection.gatekeeper.sh", "exporting violations"],
]);

/** The groups whose names have a limit of their own, beside that of the API server. */
const groupsOfLimitedNames: ReadonlySet<string> = new Set([
  "templates.gatekeeper.sh",
  constraintGroup,
  "mutations.gatekeeper.sh",
  "config.gatekeeper.sh",
  "externaldata.gatekeeper.sh",
  "expansion.gatekeeper.sh",
]);

/** Whether a request is about one of Gatekeeper's own objects. */
export function isOwnResource({ kind: { group } }: AdmissionRequest): boolean {
  return group === "gatekeeper.sh" || group.endsWith(".gatekeeper.sh");
}

/** Why a request about an own object is refused; undefined where it is not, or where it is about another object. */
export function checkOwnResource(
  client: Client,
  request: AdmissionRequest,
  options: OwnResourceOptions = {},
): Refusal | undefined {
  if (!isOwnResource(request)) return undefined;
  const { name, operation } = request;
  const { group, kind } = request.kind;
  const isDelete = operation === "DELETE";
  if (isDelete && name === "") return undefined;
  const length = byteLength(name);
  if (length > 63 && groupsOfLimitedNames.has(group)) {
    const message = `resource cannot have metadata.name larger than 63 char; length: ${length}`;
    return { code: 500, problem: { kind: "request", message } };
  }
  const object = isDelete ? request.oldObject : request.object;
  if (object === undefined) return undefined;
  if (group === "templates.gatekeeper.sh" && kind === "ConstraintTemplate") {
    return changedKind(request) ?? checkTemplateRequest(client, object, isDelete, options);
  }
  if (group === constraintGroup) return checkConstraintRequest(client, object, isDelete, options);
  if (group === "config.gatekeeper.sh" && kind === "Config" && name !== "config") {
    return { code: 422, problem: { kind: "request", message: "config resource must have name 'config'" } };
  }
  const part = missing.get(group);
  if (part === undefined || isDelete) return undefined;
  const message = `${groupVersionKindOf(object).kind} is not supported yet: ${part} comes with a later release`;
  return {
    code: 422,
    problem: { kind: "unsupported", message, help: "remove the object, or keep Gatekeeper for it until then" },
  };
}

/**
 * A template's name is its kind in small letters, so a change can only be one of letters' size. No CRD takes it: the
 * constraints that there are would be of a kind that no template has, and go out of force.
 */
function changedKind({ object, oldObject }: AdmissionRequest): Refusal | undefined {
  const kindIn = (template: JsonObject | undefined): string | undefined =>
    ownString(ownPath(template, "spec", "crd", "spec", "names"), "kind");
  const [before, now] = [kindIn(oldObject), kindIn(object)];
  if (before === undefined || now === undefined || before === now) return undefined;
  const message = `the kind of a template's constraints cannot be changed from \`${before}\` to \`${now}\``;
  return { code: 422, problem: { kind: "template", message, help: "delete the template, and create it anew" } };
}

function checkTemplateRequest(
  client: Client,
  object: JsonObject,
  isDelete: boolean,
  { skipCode }: OwnResourceOptions,
): Refusal | undefined {
  // What was admitted once may always be deleted, whatever the rules are now.
  if (isDelete) return undefined;
  const decoded = decodeTemplate(object);
  if (!decoded.ok) return { code: 500, problem: decoded.problem };
  const operations = checkOperations(decoded.value);
  if (!operations.ok) return { code: 500, problem: operations.problem };
  const checked = skipCode === true ? client.constraintCrdOf(object) : client.checkTemplate(object);
  return checked.ok ? undefined : { code: 422, problem: checked.problem };
}

function checkConstraintRequest(
  client: Client,
  object: JsonObject,
  isDelete: boolean,
  { anyEnforcementAction }: OwnResourceOptions,
): Refusal | undefined {
  if (isDelete) return undefined;
  const checked = client.checkConstraint(object);
  if (!checked.ok) return { code: 422, problem: checked.problem };
  const action = ownPath(object, "spec", "enforcementAction");
  if (typeof action !== "string" || action === "" || anyEnforcementAction === true) return undefined;
  const problem = checkEnforcementAction(action, object);
  return problem === undefined ? undefined : { code: 500, problem };
}
