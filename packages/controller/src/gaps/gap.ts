/** What protection depends on: when it is not there, requests may go past the policies. */
export type GapKind =
  | "webhook-configuration"
  | "webhook-condition"
  | "custom-resource-definition"
  | "namespace-label"
  | "config"
  | "stale-policies";

/** Something that protection depends on and that is not as it was or should be. */
export interface Gap {
  readonly kind: GapKind;
  /** The object's kind and name, as events name them. */
  readonly objectKind: string;
  readonly name: string;
  /** What is the matter and what it means, for whoever is called at night. */
  readonly message: string;
}

/** All of them, for whoever counts each. */
export const gapKinds: readonly GapKind[] = [
  "webhook-configuration",
  "webhook-condition",
  "custom-resource-definition",
  "namespace-label",
  "config",
  "stale-policies",
];

/** Who wants to know of gaps: metrics, events. Nothing here may throw. */
export interface GapObserver {
  /** A gap was found. */
  opened(gap: Gap): void;
  /** It is closed again. */
  closed(gap: Gap): void;
  /** A gap is to be told in the cluster; one replica alone is asked to. */
  tell(gap: Gap): void;
}

/** An observer that keeps nothing. */
export const silentGapObserver: GapObserver = { opened: () => {}, closed: () => {}, tell: () => {} };
