/** The label that takes a namespace out of the webhook's sight: who has it that may not, and who lost it. */
import { labelsOf, nameOf } from "@portcullis/objects";
import type { Change } from "@portcullis/kube";
import { ignoreLabel, isExempt, type ExemptNamespaces } from "../webhook/admit-label.ts";
import type { Gaps } from "./gaps.ts";

/** What watching over it needs. */
export interface NamespaceLabelsOptions {
  readonly gaps: Gaps;
  readonly exempt: ExemptNamespaces;
  /** Gatekeeper's own namespace. */
  readonly namespace: string;
}

/** Takes every change of a Namespace in. */
export function namespaceLabels({ gaps, exempt, namespace }: NamespaceLabelsOptions): (change: Change) => void {
  return (change) => {
    const { object } = change;
    const name = nameOf(object);
    const hasLabel = change.kind !== "deleted" && Object.hasOwn(labelsOf(object), ignoreLabel);
    const gap = { kind: "namespace-label", objectKind: "Namespace", name } as const;
    if (hasLabel && !isExempt(name, exempt) && name !== namespace) {
      const message = `the Namespace ${name} has the label ${ignoreLabel} and is not exempt: the API server asks about nothing in it`;
      gaps.open({ ...gap, message });
      return;
    }
    const hadLabel = change.kind === "updated" && Object.hasOwn(labelsOf(change.previous), ignoreLabel);
    if (name === namespace && hadLabel && !hasLabel) {
      const message = `the Namespace ${name} lost the label ${ignoreLabel}: a webhook that goes by the label would be asked about its own Pods, and could keep them from starting`;
      gaps.open({ ...gap, message });
      return;
    }
    if (name !== namespace || hasLabel || change.kind === "deleted") gaps.close(gap.kind, name);
  };
}
