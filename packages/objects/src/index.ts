export { applyJsonPatch, readJsonPatch, type JsonPatchOperation } from "./patch/json-patch.ts";
export { applyMergePatch } from "./patch/merge-patch.ts";
export type { PatchOutcome, PatchProblem } from "./patch/outcome.ts";
export {
  applyStrategicMergePatch,
  noPatchSchema,
  type PatchField,
  type PatchSchema,
} from "./patch/strategic-merge-patch.ts";
