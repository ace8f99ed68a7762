/**
 * The CRD of a template's constraints. It is made twice over: while the template is being admitted, so that the kind is
 * there before the author's command returns, and again whenever the template is seen, which is what makes it right in
 * the end. docs/adr/0004 tells why.
 */
import { createHash } from "node:crypto";
import {
  annotationsOf,
  equalJson,
  hasCondition,
  isJsonArray,
  isJsonObject,
  labelsOf,
  metadataOf,
  nameOf,
  own,
  ownPath,
  ownString,
  uidOf,
  writeJson,
  type JsonObject,
} from "@portcullis/objects";
import { valueOf, withoutManagedFields, type ApiStatus, type Clock, type KubeClient } from "@portcullis/kube";
import type { PolicyProblem } from "../policies.ts";
import { constraintsOf, constraintTemplates, customResourceDefinitions } from "../resources.ts";

const hashAnnotation = "portcullis.dev/spec-hash";
/** How often a CRD is looked at anew that another replica wrote first; more of them would be no race any more. */
const mostTurns = 5;
/** On a CRD that was made for a template that is being admitted: the template's uid. */
const awaitsAnnotation = "portcullis.dev/awaits-template";

/** The server took a CRD for none. */
class CrdFailure extends Error {
  readonly doing: "create" | "update";
  /** Whether somebody else has written it meanwhile. */
  readonly isConflict: boolean;

  constructor(doing: "create" | "update", status: ApiStatus) {
    super(`Could not ${doing} CRD: ${status.message}`);
    this.doing = doing;
    this.isConflict = status.code === 409;
  }
}

/** Why a template has no CRD, as its status tells it. */
export function whyNoCrd(error: unknown): PolicyProblem {
  if (error instanceof CrdFailure) {
    return {
      code: 500,
      message: error.message,
      statusCode: error.doing === "create" ? "create_error" : "update_error",
    };
  }
  const why = error instanceof Error ? error.message : String(error);
  return { code: 500, message: `Could not create CRD: ${why}`, statusCode: "create_error" };
}

/** Who asks the API server, and how it waits. */
export interface CrdWriter {
  readonly client: KubeClient;
  readonly clock: Clock;
}

/**
 * Brings the CRD to what the template wants, owned by the template. Says whether it was not there before. Where the one
 * that was last seen is right, nobody is asked.
 */
export async function ensureCrd(
  { client, clock }: CrdWriter,
  wanted: JsonObject,
  template: JsonObject,
  seen?: JsonObject,
): Promise<"created" | "kept"> {
  if (seen !== undefined && !isTerminating(seen) && isRight(seen, wanted, template)) return "kept";
  // Replicas do this side by side. Whose write came second looks again, and most often finds all of it done.
  for (let turn = 1; turn < mostTurns; turn += 1) {
    try {
      return await bringCrd(client, wanted, template);
    } catch (error) {
      if (!(error instanceof CrdFailure) || !error.isConflict) throw error;
      await clock.sleep(10 * turn);
    }
  }
  return bringCrd(client, wanted, template);
}

async function bringCrd(client: KubeClient, wanted: JsonObject, template: JsonObject): Promise<"created" | "kept"> {
  const name = nameOf(wanted);
  const owned = withMetadata(wanted, { ownerReferences: [ownerReference(template)] });
  const found = await client.get(customResourceDefinitions, { name });
  if (!found.ok) {
    if (found.status.code !== 404) valueOf(found, `reading the CRD ${name}`);
    const created = await client.create(customResourceDefinitions, owned);
    if (!created.ok) throw new CrdFailure("create", created.status);
    return "created";
  }
  const existing = found.value;
  if (isTerminating(existing)) throw new Error(`the CRD ${name} of an earlier template is still being deleted`);
  const owner = ownerUidOf(existing);
  if (owner !== undefined && owner !== uidOf(template)) {
    // What a watch shows may be the past: then it is the owner that is there, and its constraints with it.
    if (owner === (await presentUid(client, nameOf(template)))) {
      throw new Error(`the CRD ${name} belongs to a later template, which no watch has shown yet`);
    }
    await client.delete(customResourceDefinitions, { name }, { uid: uidOf(existing) });
    throw new Error(`the CRD ${name} belongs to an earlier template and is being deleted`);
  }
  if (isRight(existing, wanted, template)) return "kept";
  const updated = overExisting(owned, existing);
  const replaced = await client.replace(customResourceDefinitions, updated);
  if (!replaced.ok) throw new CrdFailure("update", replaced.status);
  return "kept";
}

/** The uid of the template of this name that is there now; undefined where there is none. */
async function presentUid(client: KubeClient, name: string): Promise<string | undefined> {
  const found = await client.get(constraintTemplates, { name });
  if (found.ok) return uidOf(found.value);
  if (found.status.code !== 404) valueOf(found, `reading the template ${name}`);
  return undefined;
}

/**
 * Makes the CRD of a template that is being admitted, and waits until the server serves its kind. It has no owner yet,
 * since the garbage collector would take a CRD away whose owner it does not find; the template's reconciliation gives
 * it one, or `dropAbandoned` takes it away when no template came.
 *
 * Resolves to whether the kind is served.
 */
export async function prepareCrd(
  { client, clock }: CrdWriter,
  wanted: JsonObject,
  template: JsonObject,
  deadline: number,
): Promise<boolean> {
  const name = nameOf(wanted);
  const awaiting = withMetadata(wanted, { annotations: { [awaitsAnnotation]: uidOf(template) } });
  while (clock.now() < deadline) {
    const created = await client.create(customResourceDefinitions, awaiting);
    if (created.ok) return waitUntilServed({ client, clock }, wanted, deadline);
    if (created.status.reason !== "AlreadyExists") valueOf(created, `creating the CRD ${name}`);
    const found = await client.get(customResourceDefinitions, { name });
    if (found.ok) {
      const existing = found.value;
      const isAbandoned = ownerUidOf(existing) === undefined;
      if (!isTerminating(existing) && isAbandoned) {
        // Left over from an admission that came to nothing: it becomes this template's.
        const updated = overExisting(awaiting, existing);
        const replaced = await client.replace(customResourceDefinitions, updated);
        if (replaced.ok) return waitUntilServed({ client, clock }, wanted, deadline);
      } else if (!isTerminating(existing)) {
        // The API server asks before it looks whether there is one of the name already, and will refuse this one then.
        if ((await presentUid(client, nameOf(template))) !== undefined) return true;
        // The earlier one is gone, and its CRD is to follow it.
        await client.delete(customResourceDefinitions, { name }, { uid: uidOf(existing) });
      }
    }
    await clock.sleep(25);
  }
  return false;
}

/** Whether the CRD was made while the template was admitted, and lacks nothing but its owner. */
export function isPrepared(seen: JsonObject | undefined, wanted: JsonObject, template: JsonObject): boolean {
  if (seen === undefined || isTerminating(seen)) return false;
  const isOurs = ownString(annotationsOf(seen), awaitsAnnotation) === uidOf(template);
  return isOurs && isOf(seen, wanted);
}

/** Takes a prepared CRD away again if the template that it was made for does not exist. */
export async function dropAbandoned(client: KubeClient, crdName: string, templateUid: string): Promise<void> {
  const found = await client.get(customResourceDefinitions, { name: crdName });
  if (!found.ok) return;
  const isOurs = ownString(annotationsOf(found.value), awaitsAnnotation) === templateUid;
  if (!isOurs || ownerUidOf(found.value) !== undefined) return;
  await client.delete(customResourceDefinitions, { name: crdName }, { uid: uidOf(found.value) });
}

/**
 * Whether an object that is gone went with its CRD: then nobody meant the object itself. A CRD that is younger than the
 * object was made anew since, by another replica most likely.
 */
export async function wentWithItsCrd(client: KubeClient, crdName: string, object: JsonObject): Promise<boolean> {
  const found = await client.get(customResourceDefinitions, { name: crdName });
  if (!found.ok) {
    if (found.status.code !== 404) valueOf(found, `reading the CRD ${crdName}`);
    return true;
  }
  return isTerminating(found.value) || creationOf(found.value) > creationOf(object);
}

/** RFC 3339 to the second, which sorts as time does. */
function creationOf(object: JsonObject): string {
  return ownString(metadataOf(object), "creationTimestamp") ?? "";
}

/** Waits until the CRD is established and discovery names its kind: both are what kubectl asks for. */
async function waitUntilServed({ client, clock }: CrdWriter, wanted: JsonObject, deadline: number): Promise<boolean> {
  const kind = ownString(own(own(wanted, "spec"), "names"), "kind") ?? "";
  const { group, version } = constraintsOf(kind);
  // Somebody waits for the answer: a kind is served some tens of milliseconds after its CRD was made, most often.
  for (let wait = 3; clock.now() < deadline; wait = Math.min(wait * 1.4, 100)) {
    const served = await client.discover(group, version);
    if (served.some((resource) => resource.kind === kind)) {
      const found = await client.get(customResourceDefinitions, { name: nameOf(wanted) });
      if (found.ok && hasCondition(found.value, "Established")) return true;
    }
    await clock.sleep(wait);
  }
  return false;
}

/** What is kept of a CRD that was seen: what `ensureCrd` looks at, and the kind. Its schema is most of it. */
export function trimCrd(crd: JsonObject): JsonObject {
  const metadata = withoutManagedFields(crd)["metadata"] ?? {};
  const names = ownPath(crd, "spec", "names") ?? {};
  return { metadata, spec: { names } };
}

function isRight(existing: JsonObject, wanted: JsonObject, template: JsonObject): boolean {
  return ownerUidOf(existing) === uidOf(template) && isOf(existing, wanted);
}

/** Whether a CRD that is there is the wanted one, whoever owns it. */
function isOf(existing: JsonObject, wanted: JsonObject): boolean {
  return (
    ownString(annotationsOf(existing), hashAnnotation) === hashOf(wanted) &&
    equalJson(labelsOf(existing), labelsOf(wanted))
  );
}

function isTerminating(object: JsonObject): boolean {
  return own(metadataOf(object), "deletionTimestamp") !== undefined;
}

function ownerUidOf(crd: JsonObject): string | undefined {
  const owners = own(metadataOf(crd), "ownerReferences");
  if (!isJsonArray(owners)) return undefined;
  return ownString(
    owners.find((owner) => ownString(owner, "kind") === "ConstraintTemplate"),
    "uid",
  );
}

function ownerReference(template: JsonObject): JsonObject {
  return {
    apiVersion: "templates.gatekeeper.sh/v1beta1",
    kind: "ConstraintTemplate",
    name: nameOf(template),
    uid: uidOf(template),
    controller: true,
    blockOwnerDeletion: true,
  };
}

function withMetadata(crd: JsonObject, more: JsonObject): JsonObject {
  const annotations = own(more, "annotations");
  return {
    ...crd,
    metadata: {
      ...metadataOf(crd),
      ...more,
      annotations: { [hashAnnotation]: hashOf(crd), ...(isJsonObject(annotations) ? annotations : {}) },
    },
  };
}

/** The wanted CRD in the place of the one that is there. What others put on it stays, its finalizers above all. */
function overExisting(wanted: JsonObject, existing: JsonObject): JsonObject {
  const { [awaitsAnnotation]: _before, ...annotations } = annotationsOf(existing);
  const metadata = {
    ...metadataOf(existing),
    ...metadataOf(wanted),
    annotations: { ...annotations, ...annotationsOf(wanted) },
  };
  return { ...wanted, metadata };
}

function hashOf(crd: JsonObject): string {
  return createHash("sha256")
    .update(writeJson(own(crd, "spec") ?? null))
    .digest("hex")
    .slice(0, 32);
}
