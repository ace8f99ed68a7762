/** The parts of Gatekeeper's manager that a process can be given. */
export const operations = [
  "audit",
  "generate",
  "mutation-controller",
  "mutation-status",
  "mutation-webhook",
  "status",
  "webhook",
] as const;
export type Operation = (typeof operations)[number];
