import { applyJsonPatch, matchesLabels, readJson } from "@portcullis/objects";
import type { Admission, AdmissionAttributes } from "../server/admission.ts";
import { readMetadata } from "../server/body.ts";
import type { RequestContext } from "../server/context.ts";
import { fromStorage, sealed, toStorage, type Target } from "../server/kind-table.ts";
import { badRequest, internalError, notFound } from "../server/refusals.ts";
import type { StatusError } from "../server/status.ts";
import { cloneJson, draftOf, getOwn, isFields, type ApiObject, type Draft } from "../storage/api-object.ts";
import { equalFields } from "../storage/equal-fields.ts";
import type { Store } from "../storage/store.ts";
import type { WebhookCaller } from "./call.ts";
import { callFailure, denial, httpFailure } from "./denial.ts";
import { readDecision, writeReview, type Decision, type Shown } from "./review.ts";
import { matchesRule } from "./rules.ts";
import { webhooksOf, type Webhook } from "./webhook.ts";

/** The keys of webhook configurations in the store. */
const configurations = {
  mutating: "mutatingwebhookconfigurations.admissionregistration.k8s.io",
  validating: "validatingwebhookconfigurations.admissionregistration.k8s.io",
} as const;

/** How asking one webhook ended: it decided, it could not be asked, or the request may not be put to it. */
type Answer =
  | { readonly kind: "decided"; readonly decision: Decision }
  | { readonly kind: "failed"; readonly why: string }
  | { readonly kind: "refused"; readonly error: StatusError };

/** Told of each request that went on without a webhook's word, since it could not be asked and may be ignored then. */
export type FailedOpen = (text: string) => void;

/** Asks the webhooks that the configurations in the store name. */
export class WebhookAdmission implements Admission {
  private readonly store: Store;
  private readonly caller: WebhookCaller;
  private readonly failedOpen: FailedOpen;
  private readonly read = new WeakMap<ApiObject, readonly Webhook[]>();

  constructor(store: Store, caller: WebhookCaller, failedOpen: FailedOpen) {
    this.store = store;
    this.caller = caller;
    this.failedOpen = failedOpen;
  }

  private webhooks(which: keyof typeof configurations): readonly Webhook[] {
    return this.store.list(configurations[which]).items.flatMap((configuration) => {
      let webhooks = this.read.get(configuration);
      if (webhooks === undefined) {
        webhooks = webhooksOf([configuration]);
        this.read.set(configuration, webhooks);
      }
      return webhooks;
    });
  }

  async mutate(
    context: RequestContext,
    attributes: AdmissionAttributes,
    object: Draft | undefined,
  ): Promise<Draft | undefined> {
    if (isExempt(attributes)) return object;
    const webhooks = this.webhooks("mutating");
    if (webhooks.length === 0) return object;
    const round = new MutationRound();
    let current = await this.mutateAll(context, attributes, object, webhooks, round);
    if (round.again.size > 0) {
      const again = webhooks.filter(({ id }) => round.again.has(id));
      current = await this.mutateAll(context, attributes, current, again, new MutationRound());
    }
    return current;
  }

  private async mutateAll(
    context: RequestContext,
    attributes: AdmissionAttributes,
    object: Draft | undefined,
    webhooks: readonly Webhook[],
    round: MutationRound,
  ): Promise<Draft | undefined> {
    let current = object;
    for (const webhook of webhooks) {
      const version = this.versionToShow(webhook, attributes, current);
      if (version === undefined) continue;
      // Each webhook sees what the one before made of the object.
      // oxlint-disable-next-line no-await-in-loop
      const next = await this.mutateOne(context, attributes, current, webhook, version);
      round.asked(webhook, next !== undefined && !equalFields(next, current));
      current = next ?? current;
    }
    return current;
  }

  private async mutateOne(
    context: RequestContext,
    attributes: AdmissionAttributes,
    object: Draft | undefined,
    webhook: Webhook,
    version: string,
  ): Promise<Draft | undefined> {
    const shown = show(attributes, version, object);
    const answer = await this.ask(webhook, context, attributes, shown, true);
    const decision = this.settle(webhook, answer);
    if (decision === undefined) return undefined;
    if (!decision.allowed) throw denial(webhook.name, decision.result);
    if (decision.patch === "" || object === undefined) return undefined;
    const patch = readJson(decision.patch);
    const outcome = applyJsonPatch(shown.object, patch.ok ? patch.value : undefined);
    if (!patch.ok || !outcome.ok) {
      throw internalError(patch.ok && !outcome.ok ? outcome.problem.message : "the patch of the webhook is not JSON");
    }
    if (!isFields(outcome.value)) throw internalError("the patch of the webhook leaves no object");
    const draft = readMetadata(cloneJson(outcome.value), attributes.target);
    return convert(attributes.target, version, attributes.target.version.name, draft);
  }

  async validate(
    context: RequestContext,
    attributes: AdmissionAttributes,
    object: ApiObject | undefined,
  ): Promise<void> {
    if (isExempt(attributes)) return;
    const calls: Promise<StatusError | undefined>[] = [];
    for (const webhook of this.webhooks("validating")) {
      const version = this.versionToShow(webhook, attributes, object);
      if (version === undefined) continue;
      const shown = show(attributes, version, object);
      calls.push(this.validateOne(context, attributes, webhook, shown));
    }
    const [refusal] = (await Promise.all(calls)).filter((each) => each !== undefined);
    if (refusal !== undefined) throw refusal;
  }

  private async validateOne(
    context: RequestContext,
    attributes: AdmissionAttributes,
    webhook: Webhook,
    shown: Shown,
  ): Promise<StatusError | undefined> {
    const answer = await this.ask(webhook, context, attributes, shown, false);
    switch (answer.kind) {
      case "refused":
        return answer.error;
      case "failed":
        return this.settleFailure(webhook, answer.why);
      case "decided":
        return answer.decision.allowed ? undefined : denial(webhook.name, answer.decision.result);
    }
  }

  /** What becomes of a request whose webhook could not be asked: it is refused, or goes on and that is told. */
  private settleFailure(webhook: Webhook, why: string): StatusError | undefined {
    const text = callFailure(webhook.name, why);
    if (!webhook.failsOpen) return internalError(text);
    this.failedOpen(`Failed calling webhook, failing open ${webhook.name}: ${text}`);
    return undefined;
  }

  /** The decision of a mutating webhook, or undefined where it could not be asked and may be ignored. */
  private settle(webhook: Webhook, answer: Answer): Decision | undefined {
    switch (answer.kind) {
      case "decided":
        return answer.decision;
      case "refused":
        throw answer.error;
      case "failed": {
        const refusal = this.settleFailure(webhook, answer.why);
        if (refusal !== undefined) throw refusal;
        return undefined;
      }
    }
  }

  private async ask(
    webhook: Webhook,
    context: RequestContext,
    attributes: AdmissionAttributes,
    shown: Shown,
    mutating: boolean,
  ): Promise<Answer> {
    if (context.dryRun) {
      if (webhook.sideEffects === undefined) return { kind: "failed", why: "Webhook SideEffects is nil" };
      if (webhook.sideEffects !== "None" && webhook.sideEffects !== "NoneOnDryRun") {
        const text = `admission webhook ${JSON.stringify(webhook.name)} does not support dry run`;
        return { kind: "refused", error: badRequest(text) };
      }
    }
    const review = writeReview(webhook, context, attributes, shown);
    if (review === undefined) {
      const why = "webhook does not accept known AdmissionReview versions (v1, v1beta1)";
      return { kind: "failed", why: `could not create admission objects: ${why}` };
    }
    const outcome = await this.caller.post(webhook, review.body);
    if (!outcome.ok) return { kind: "failed", why: `failed to call webhook: ${outcome.message}` };
    if (outcome.status < 200 || outcome.status > 206) {
      return { kind: "failed", why: `failed to call webhook: ${httpFailure(outcome.status, outcome.body)}` };
    }
    const reading = readDecision(outcome.body, review, mutating);
    if (!reading.ok) {
      const isJson = !reading.message.startsWith("couldn't get");
      const prefix = isJson ? "received invalid webhook response" : "failed to call webhook";
      return { kind: "failed", why: `${prefix}: ${reading.message}` };
    }
    for (const text of reading.decision.warnings) context.warnings.add(text);
    return { kind: "decided", decision: reading.decision };
  }

  /** The version in which a webhook is to see the request, or undefined if it is not concerned. */
  private versionToShow(
    webhook: Webhook,
    attributes: AdmissionAttributes,
    object: Draft | ApiObject | undefined,
  ): string | undefined {
    const namespace = this.matchesNamespace(webhook, attributes, object);
    if (namespace === false) return undefined;
    if (!matchesObject(webhook, attributes, object)) return undefined;
    const version = matchingVersion(webhook, attributes);
    // Only a webhook that is concerned may fail for a namespace that is not there.
    if (version !== undefined && namespace !== true) throw namespace;
    return version;
  }

  private matchesNamespace(
    { namespaceSelector }: Webhook,
    attributes: AdmissionAttributes,
    object: Draft | ApiObject | undefined,
  ): boolean | StatusError {
    const { kind } = attributes.target;
    const isNamespace = kind.group === "" && kind.plural === "namespaces";
    if (attributes.namespace === "" && !isNamespace) return true;
    if (namespaceSelector.length === 0) return true;
    const itself = isNamespace && attributes.subresource === "" && ["CREATE", "UPDATE"].includes(attributes.operation);
    if (itself) return matchesLabels(namespaceSelector, object?.metadata.labels ?? {});
    const found = this.store.get("namespaces", "", attributes.namespace);
    if (found === undefined) return notFound({ group: "", resource: "namespaces" }, attributes.namespace);
    return matchesLabels(namespaceSelector, found.metadata.labels ?? {});
  }
}

/** Keeps account of which webhooks are to be asked again because a later one changed the object. */
class MutationRound {
  readonly again = new Set<string>();
  private readonly before = new Set<string>();

  asked(webhook: Webhook, changed: boolean): void {
    if (changed) {
      for (const id of this.before) this.again.add(id);
      this.before.clear();
    }
    if (webhook.reinvokes) this.before.add(webhook.id);
  }
}

/** Webhooks are not asked about the configurations that name them: a broken one could never be mended. */
function isExempt({ target }: AdmissionAttributes): boolean {
  return target.kind.group === "admissionregistration.k8s.io";
}

function matchesObject(
  { objectSelector }: Webhook,
  { oldObject }: AdmissionAttributes,
  object: Draft | ApiObject | undefined,
): boolean {
  if (objectSelector.length === 0) return true;
  return [object, oldObject].some((each) => {
    // The options of a connection have no metadata, and so nothing to be selected by.
    if (each === undefined || getOwn(each, "metadata") === undefined) return false;
    return matchesLabels(objectSelector, each.metadata.labels ?? {});
  });
}

function matchingVersion(webhook: Webhook, attributes: AdmissionAttributes): string | undefined {
  const { version, kind } = attributes.target;
  if (webhook.rules.some((rule) => matchesRule(rule, attributes, version.name))) return version.name;
  if (!webhook.equivalent) return undefined;
  for (const rule of webhook.rules) {
    const found = kind.versions.find(
      (each) => each.served && each !== version && matchesRule(rule, attributes, each.name),
    );
    if (found !== undefined) return found.name;
  }
  return undefined;
}

function show(attributes: AdmissionAttributes, version: string, object: Draft | ApiObject | undefined): Shown {
  const { target, oldObject } = attributes;
  const own = attributes.objectKind.group === target.kind.group && attributes.objectKind.kind === target.kind.kind;
  const inVersion = (each: Draft | ApiObject | undefined): unknown =>
    each === undefined || !own || version === target.version.name
      ? each
      : convert(target, target.version.name, version, draftOf(sealed(draftOf(each))));
  return { version, object: inVersion(object), oldObject: inVersion(oldObject) };
}

/** Takes a draft from one version of a kind to another. */
function convert(target: Target, from: string, to: string, draft: Draft): Draft {
  if (from === to) return draft;
  const find = (name: string): Target => ({
    kind: target.kind,
    version: target.kind.versions.find((each) => each.name === name) ?? target.version,
  });
  return fromStorage(find(to), toStorage(find(from), draft));
}
