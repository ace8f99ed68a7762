/** Gatekeeper's domain, pure: templates, constraints, matching, reviews and their verdicts. */
export { Client, type Added, type ClientOptions } from "./client/client.ts";
export type { ConstraintEntry, TemplateEntry } from "./client/entries.ts";
export { checkOwnResource, isOwnResource, type OwnResourceOptions, type Refusal } from "./client/own-resources.ts";
export type { ReviewOptions, ReviewOutcome } from "./client/review.ts";
export { reviewWithHost } from "./client/review-with-host.ts";
export {
  checkEnforcementAction,
  enforcementPoints,
  readEnforcement,
  type Enforcement,
  type EnforcementPoint,
} from "./constraint/enforcement.ts";
export {
  describeMisspeltField,
  describeStrayField,
  strayFieldsOf,
  type StrayField,
} from "./constraint/unknown-fields.ts";
export { isConstraint, type StrayFields } from "./constraint/validate.ts";
export { configCrd } from "./crds/config-data.ts";
export { constraintTemplateCrd } from "./crds/constraint-template-data.ts";
export { installedCrds } from "./crds/crds.ts";
export { matchSchema } from "./crds/match-schema-data.ts";
export { configPodStatusCrd, constraintPodStatusCrd, constraintTemplatePodStatusCrd } from "./crds/pod-status-data.ts";
export { syncSetCrd } from "./crds/sync-set-data.ts";
export type {
  Answer,
  CompiledTemplate,
  InventoryRead,
  Driver,
  EvaluationContext,
  Need,
  TemplateSession,
  Violation,
} from "./driver/driver.ts";
export { type WrittenJson, WrittenNumber } from "./driver/written-json.ts";
export { RegoDriver, type RegoDriverOptions } from "./driver/rego/rego-driver.ts";
export { compileGlob, type Glob } from "./match/glob.ts";
export { compileMatch, type Match, type Matched, type Matcher, type Source } from "./match/match.ts";
export { namespaceFactsOf, subjectOf, type NamespaceFacts, type Subject } from "./match/subject.ts";
export { failure, success, type Location, type Outcome, type Problem, type ProblemKind } from "./problem.ts";
export { whyNotExpandable } from "./review/generator.ts";
export { readRequest, type AdmissionRequest, type RequestReading } from "./review/request.ts";
export { wrongRequest } from "./review/request-fields.ts";
export { compareResults, type Result } from "./review/result.ts";
export {
  reviewOfAdmission,
  reviewOfObject,
  reviewOfRequest,
  type Review,
  type ReviewContext,
} from "./review/review.ts";
export {
  admissionResponse,
  allowedBecause,
  decide,
  errored,
  verdictOf,
  type Decision,
  type DenialForm,
  type Verdict,
} from "./review/verdict.ts";
export { checkOperations, checkTemplate } from "./template/check.ts";
export {
  constraintGroup,
  constraintVersions,
  makeConstraintCrd,
  type ConstraintCrd,
} from "./template/constraint-crd.ts";
export { decodeTemplate, isTemplate } from "./template/decode.ts";
export {
  targetName,
  templateNameOf,
  type ConstraintTemplate,
  type TemplateCode,
  type TemplateTarget,
} from "./template/template.ts";
export { readFilter, runAll, type FilterReading, type SuiteFilter } from "./suite/filter.ts";
export type { FileReading, Files } from "./suite/read-objects.ts";
export {
  isFailure,
  runSuite,
  type CaseResult,
  type SuiteOptions,
  type SuiteResult,
  type TestResult,
} from "./suite/run-suite.ts";
export {
  readSuite,
  type Assertion,
  type Suite,
  type SuiteCase,
  type SuiteReading,
  type SuiteTest,
} from "./suite/suite.ts";
