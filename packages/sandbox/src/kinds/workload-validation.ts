import {
  checkLabelSelector,
  childPath,
  equalJson,
  forbidden,
  invalid,
  notSupported,
  required,
} from "@portcullis/objects";
import { parseCronSchedule } from "./cron-schedule.ts";
import { at, fieldsAt, json, listAt, mapAt, numberAt, textAt } from "./fields-at.ts";
import { validatePodSpec } from "./pod-validation.ts";
import { selects } from "./selector-text.ts";
import { cloneJson } from "../storage/api-object.ts";
import type { FieldError } from "./kind.ts";
import type { ApiObject } from "../storage/api-object.ts";

/** What sets a kind of workload apart from the others when it is checked. */
export interface WorkloadRules {
  readonly immutableSelector: boolean;
  /** The fields of the spec that may change, where not all may, and what to say of the others. */
  readonly mutableSpec?: { readonly fields: readonly string[]; readonly text: string };
}

type Validate = (object: ApiObject, old: ApiObject | undefined) => readonly FieldError[];

/** What is wrong with a Deployment, ReplicaSet, StatefulSet or DaemonSet. */
export function validateWorkload(rules: WorkloadRules): Validate {
  return (object, old) => {
    const kind = object.kind.toLowerCase();
    const errors: FieldError[] = [
      ...nonNegative(object, "spec", [
        "replicas",
        "minReadySeconds",
        "revisionHistoryLimit",
        "progressDeadlineSeconds",
      ]),
      ...validateSelector(object, kind),
      ...validateTemplate(object, "spec.template"),
      ...validateStrategy(object),
    ];
    const policy = textAt(object, "spec", "template", "spec", "restartPolicy");
    if (policy !== "Always") errors.push(notSupported("spec.template.spec.restartPolicy", policy, ["Always"]));
    if (old === undefined) return errors;
    if (rules.mutableSpec === undefined) return [...errors, ...immutable(object, old, "selector")];
    const frozen = (workload: ApiObject): unknown => {
      const spec = cloneJson(fieldsAt(workload, "spec"));
      for (const field of rules.mutableSpec?.fields ?? []) delete spec[field];
      return spec;
    };
    return equalJson(json(frozen(object)), json(frozen(old)))
      ? errors
      : [...errors, forbidden("spec", rules.mutableSpec.text)];
  };
}

function nonNegative(object: unknown, path: string, fields: readonly string[]): readonly FieldError[] {
  return fields.flatMap((field) => {
    const value = numberAt(object, ...path.split("."), field) ?? 0;
    return value < 0 ? [invalid(childPath(path, field), value, "must be greater than or equal to 0")] : [];
  });
}

function validateSelector(object: ApiObject, kind: string): readonly FieldError[] {
  const selector = at(object, "spec", "selector");
  if (selector === undefined || selector === null) return [required("spec.selector")];
  const errors = [...checkLabelSelector(json(selector), "spec.selector")];
  if (Object.keys(mapAt(selector, "matchLabels")).length + listAt(selector, "matchExpressions").length === 0) {
    return [...errors, invalid("spec.selector", json(selector), `empty selector is invalid for ${kind}`)];
  }
  return [...errors, ...mismatch(object, selector)];
}

function mismatch(object: ApiObject, selector: unknown): readonly FieldError[] {
  const labels = mapAt(object, "spec", "template", "metadata", "labels");
  if (selects(selector, labels)) return [];
  const shown = Object.keys(labels).length === 0 ? null : { ...labels };
  return [invalid("spec.template.metadata.labels", shown, "`selector` does not match template `labels`")];
}

function validateTemplate(object: unknown, path: string): readonly FieldError[] {
  const claims = listAt(object, "spec", "volumeClaimTemplates").map((claim) => textAt(claim, "metadata", "name"));
  return validatePodSpec(at(object, ...path.split("."), "spec"), childPath(path, "spec"), claims);
}

function validateStrategy(object: ApiObject): readonly FieldError[] {
  if (object.kind !== "Deployment") return [];
  const strategy = at(object, "spec", "strategy");
  const type = textAt(strategy, "type");
  const rolling = at(strategy, "rollingUpdate");
  if (type !== "Recreate" && type !== "RollingUpdate") {
    return [notSupported("spec.strategy", json(strategy), ["Recreate", "RollingUpdate"])];
  }
  if (type === "Recreate" && rolling !== undefined && rolling !== null) {
    return [forbidden("spec.strategy.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'")];
  }
  const isZero = (value: unknown): boolean => value === 0 || value === "0" || value === "0%";
  if (type === "RollingUpdate" && isZero(at(rolling, "maxUnavailable")) && isZero(at(rolling, "maxSurge"))) {
    const unavailable = json(at(rolling, "maxUnavailable"));
    return [invalid("spec.strategy.rollingUpdate.maxUnavailable", unavailable, "may not be 0 when `maxSurge` is 0")];
  }
  return [];
}

function immutable(object: ApiObject, old: ApiObject, ...fields: readonly string[]): readonly FieldError[] {
  return fields.flatMap((field) => {
    const value = at(object, "spec", field);
    if (equalJson(json(value), json(at(old, "spec", field)))) return [];
    return [invalid(`spec.${field}`, json(value), "field is immutable")];
  });
}

/** What is wrong with a Job. */
export const validateJob: Validate = (object, old) => {
  const errors: FieldError[] = [...validateJobSpec(object, "spec")];
  const selector = at(object, "spec", "selector");
  if (selector === undefined) errors.push(required("spec.selector"));
  else errors.push(...checkLabelSelector(json(selector), "spec.selector"), ...mismatch(object, selector));
  if (old === undefined) return errors;
  const suspended = at(old, "spec", "suspend") === true;
  return [
    ...errors,
    ...immutable(object, old, "completions", "selector", ...(suspended ? [] : ["template"]), "completionMode"),
  ];
};

function validateJobSpec(object: ApiObject, path: string): readonly FieldError[] {
  const counts = ["parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished"];
  const errors = [...nonNegative(object, path, counts), ...validateTemplate(object, childPath(path, "template"))];
  const policy = textAt(object, ...path.split("."), "template", "spec", "restartPolicy");
  const here = `${path}.template.spec.restartPolicy`;
  if (policy === "Always" || policy === "") return [...errors, required(here, 'valid values: "OnFailure", "Never"')];
  return policy === "OnFailure" || policy === "Never"
    ? errors
    : [...errors, notSupported(here, policy, ["OnFailure", "Never"])];
}

/** What is wrong with a CronJob. */
export const validateCronJob: Validate = (object) => {
  const errors: FieldError[] = [];
  const schedule = textAt(object, "spec", "schedule");
  if (schedule === "") errors.push(required("spec.schedule"));
  else {
    const reading = parseCronSchedule(schedule);
    if (!reading.ok) errors.push(invalid("spec.schedule", schedule, reading.message));
  }
  errors.push(...nonNegative(object, "spec", ["startingDeadlineSeconds"]));
  const policy = textAt(object, "spec", "concurrencyPolicy");
  const policies = ["Allow", "Forbid", "Replace"];
  if (!policies.includes(policy)) errors.push(notSupported("spec.concurrencyPolicy", policy, policies));
  errors.push(...validateJobSpec(object, "spec.jobTemplate.spec"));
  return [...errors, ...nonNegative(object, "spec", ["successfulJobsHistoryLimit", "failedJobsHistoryLimit"])];
};
