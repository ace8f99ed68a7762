/** The webhook that is narrowed, as one version of its configuration has it, and the patch that changes it. */
import {
  annotationsOf,
  isJsonArray,
  own,
  ownPath,
  ownString,
  resourceVersionOf,
  uidOf,
  type JsonObject,
  type JsonValue,
} from "@portcullis/objects";
import { validationWebhook } from "../webhook/configuration.ts";
import { conditionName } from "./kinds-condition.ts";
import { everyKind, type MatchedKinds } from "./matched-kinds.ts";
import { readRecord, recordAnnotation, writeRecord, type Mark, type NarrowingRecord } from "./narrowing-record.ts";

/** The webhook in one version of its configuration. */
export interface NarrowedWebhook {
  readonly configuration: JsonObject;
  /** Its place in the list. */
  readonly at: number;
  /** The conditions of others. */
  readonly others: readonly JsonValue[];
  /** The condition; the empty text where there is none, and everything is asked about. */
  readonly expression: string;
  /** What the API server asks about; undefined where somebody else has written the condition, and nobody knows. */
  readonly kinds: MatchedKinds | undefined;
  readonly marks: readonly Mark[];
  /** What replicas have written down of it; undefined where none has. */
  readonly record: NarrowingRecord | undefined;
}

/** Reads it; undefined where the configuration has no such webhook. */
export function narrowedWebhookOf(configuration: JsonObject | undefined): NarrowedWebhook | undefined {
  const webhooks = own(configuration, "webhooks");
  const at = isJsonArray(webhooks) ? webhooks.findIndex((each) => ownString(each, "name") === validationWebhook) : -1;
  if (configuration === undefined || !isJsonArray(webhooks) || at < 0) return undefined;
  const listed = own(webhooks[at], "matchConditions");
  const conditions = isJsonArray(listed) ? listed : [];
  const isOurs = (condition: JsonValue): boolean => ownString(condition, "name") === conditionName;
  const expression = ownString(conditions.find(isOurs), "expression") ?? "";
  const record = readRecord(configuration);
  return {
    configuration,
    at,
    others: conditions.filter((condition) => !isOurs(condition)),
    expression,
    kinds: kindsBehind(expression, record, configuration),
    // A configuration that nobody has written to yet may stand in the place of one that somebody did.
    marks: record?.marks ?? [{ id: `${uidOf(configuration)}/${resourceVersionOf(configuration)}`, kinds: everyKind }],
    record,
  };
}

/** Whether a replica that narrows has ever written to it. */
export function isTouched(webhook: NarrowedWebhook | undefined): boolean {
  return webhook !== undefined && (webhook.record !== undefined || webhook.expression !== "");
}

function kindsBehind(
  expression: string,
  record: NarrowingRecord | undefined,
  configuration: JsonObject,
): MatchedKinds | undefined {
  if (expression === "") return everyKind;
  if (record?.expression !== expression || isApplied(configuration)) return undefined;
  return record.kinds;
}

/** Whether somebody who applies a file of their own says how the condition reads. */
function isApplied(configuration: JsonObject): boolean {
  const managers = ownPath(configuration, "metadata", "managedFields");
  return (isJsonArray(managers) ? managers : []).some(
    (entry) =>
      ownString(entry, "operation") === "Apply" &&
      ownPath(
        entry,
        "fieldsV1",
        "f:webhooks",
        `k:{"name":"${validationWebhook}"}`,
        "f:matchConditions",
        `k:{"name":"${conditionName}"}`,
      ) !== undefined,
  );
}

/** The patch to a condition and what is written down of it. It is for this version of the configuration alone. */
export function patchTo({ configuration, at, others, expression }: NarrowedWebhook, to: NarrowingRecord): JsonValue {
  const conditions = to.expression === "" ? others : [...others, { name: conditionName, expression: to.expression }];
  const path = `/webhooks/${at}/matchConditions`;
  const changed = conditions.length === 0 ? { op: "remove", path } : { op: "add", path, value: conditions };
  return [
    { op: "replace", path: "/metadata/resourceVersion", value: resourceVersionOf(configuration) },
    {
      op: "add",
      path: "/metadata/annotations",
      value: { ...annotationsOf(configuration), [recordAnnotation]: writeRecord(to) },
    },
    ...(to.expression === expression ? [] : [changed]),
  ];
}
