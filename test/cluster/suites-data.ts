/** What is known of the suites, by their files. */

/** Those beside which nothing else runs, with what they hold that much else to do would weaken. */
export const alone: Readonly<Record<string, string>> = {
  "test/cluster/reliability/reliability.spec.ts": "latencies under load, and how soon what broke is mended",
  "test/cluster/move/move.spec.ts": "that nothing goes by unreviewed: the webhook fails open when an answer is late",
  "test/cluster/move/in-place.spec.ts":
    "that nothing goes by unreviewed: the webhook fails open when an answer is late",
  "test/cluster/move/profile.spec.ts": "that a switch of the profile has no gap under load",
};

/** Those that take longest, the longest first. */
export const longest: readonly string[] = [
  "test/cluster/acceptance/acceptance.spec.ts",
  "test/cluster/security/security.spec.ts",
  "test/cluster/narrowing/narrowing.spec.ts",
  "test/cluster/compare/telling.spec.ts",
  "test/cluster/acceptance/chart.spec.ts",
  "test/cluster/acceptance/walkthrough.spec.ts",
];
