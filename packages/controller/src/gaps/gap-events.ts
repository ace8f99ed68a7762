import type { EventRecorder } from "../events/event-recorder.ts";
import type { Gap, GapKind, GapObserver } from "./gap.ts";

const reasons: Readonly<Record<GapKind, string>> = {
  "webhook-configuration": "WebhookConfigurationMissing",
  "webhook-condition": "WebhookConditionTooNarrow",
  "custom-resource-definition": "CustomResourceDefinitionDeleted",
  "namespace-label": "NamespaceLabelUnexpected",
  config: "ConfigDeleted",
  "stale-policies": "PoliciesNotFollowed",
};

/** Tells gaps as events in Gatekeeper's own namespace, where whoever runs it looks. */
export function gapEvents(recorder: Pick<EventRecorder, "warn">, namespace: string): GapObserver["tell"] {
  return ({ kind, objectKind, name, message }: Gap) => {
    recorder.warn({
      involved: { kind: objectKind, namespace, name },
      annotations: { process: "webhook", event_type: "protection_gap", gap: kind },
      reason: reasons[kind],
      message,
    });
  };
}
