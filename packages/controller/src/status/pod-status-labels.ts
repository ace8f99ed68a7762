/** The labels of pod-status objects, by which reports are found for what they are about. */
export const podStatusLabels = {
  templateName: "internal.gatekeeper.sh/constrainttemplate-name",
  constraintKind: "internal.gatekeeper.sh/constraint-kind",
  constraintName: "internal.gatekeeper.sh/constraint-name",
  configName: "internal.gatekeeper.sh/config-name",
  /** Whose report it is. */
  pod: "internal.gatekeeper.sh/pod",
} as const;
