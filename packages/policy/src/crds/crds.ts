import type { JsonObject } from "@portcullis/objects";
import { configCrd } from "./config-data.ts";
import { constraintTemplateCrd } from "./constraint-template-data.ts";
import { configPodStatusCrd, constraintPodStatusCrd, constraintTemplatePodStatusCrd } from "./pod-status-data.ts";
import { syncSetCrd } from "./sync-set-data.ts";

/** The CRDs that an installation brings along. */
export const installedCrds: readonly JsonObject[] = [
  constraintTemplateCrd,
  constraintTemplatePodStatusCrd,
  constraintPodStatusCrd,
  configCrd,
  configPodStatusCrd,
  syncSetCrd,
];
