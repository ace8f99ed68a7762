export { applyJsonPatch, readJsonPatch, type JsonPatchOperation } from "./patch/json-patch.ts";
export { applyMergePatch } from "./patch/merge-patch.ts";
export type { PatchOutcome, PatchProblem } from "./patch/outcome.ts";
export {
  applyStrategicMergePatch,
  noPatchSchema,
  type PatchField,
  type PatchSchema,
} from "./patch/strategic-merge-patch.ts";
export { copyJson } from "./json/copy.ts";
export { equalJson } from "./json/equal.ts";
export { printValue, type PrintStyle } from "./json/print.ts";
export { readGoDuration } from "./go-duration.ts";
export { compareBytes, formatGoFloat, formatGoNumber, goWordOf, marshalGo, quoteGo } from "./json/go.ts";
export { readJson, type JsonReading } from "./json/read.ts";
export {
  isJsonArray,
  isJsonObject,
  jsonTypeOf,
  own,
  ownPath,
  ownString,
  setOwn,
  type JsonArray,
  type JsonObject,
  type JsonValue,
  type MutableJson,
  type MutableJsonObject,
} from "./json/value.ts";
export { writeJson } from "./json/write.ts";
export { hasCondition } from "./object/conditions.ts";
export {
  aggregateTexts,
  childPath,
  duplicate,
  fieldErrorBody,
  forbidden,
  formatFieldError,
  formatFieldErrors,
  internalError,
  invalid,
  keyPath,
  notFound,
  notSupported,
  required,
  tooLong,
  tooMany,
  typeInvalid,
  type FieldError,
  type FieldErrorType,
} from "./object/field-error.ts";
export {
  matchesFields,
  parseFieldSelector,
  type FieldRequirement,
  type FieldSelector,
} from "./object/field-selector.ts";
export {
  describeGroupVersionKind,
  formatApiVersion,
  formatGroupVersionKind,
  groupVersionKindOf,
  parseApiVersion,
  type GroupVersion,
  type GroupVersionKind,
  type GroupVersionResource,
} from "./object/group-version-kind.ts";
export {
  checkLabelSelector,
  compileLabelSelector,
  matchesLabels,
  type LabelRequirement,
  type LabelSelector,
  type SelectorReading,
} from "./object/label-selector.ts";
export { parseLabelSelector } from "./object/label-selector-text.ts";
export {
  annotationsOf,
  generateNameOf,
  generationOf,
  labelsOf,
  metadataOf,
  nameOf,
  namespaceOf,
  resourceVersionOf,
  uidOf,
} from "./object/metadata.ts";
export {
  byteLength,
  checkConfigMapKey,
  checkDns1035Label,
  checkDns1123Label,
  checkDns1123Subdomain,
  checkLabelKey,
  checkLabelValue,
  checkPathSegment,
} from "./object/names.ts";
export {
  addQuantities,
  compareQuantities,
  formatQuantity,
  parseQuantity,
  type Quantity,
  type QuantityReading,
} from "./object/quantity.ts";
export { decodeSchema, type SchemaReading } from "./schema/decode.ts";
export { applyDefaults, removeNulls } from "./schema/default.ts";
export { checkAnnotations, checkLabels, validateEmbeddedResources } from "./schema/embedded-resource.ts";
export { validateListTypes } from "./schema/list-types.ts";
export { platformPatterns, type PatternCompiler } from "./schema/pattern.ts";
export { findMisspeltFields, type MisspeltField } from "./schema/find-misspelt.ts";
export { findUnknownFields, pruneUnknownFields, type UnknownField } from "./schema/prune.ts";
export { checkResourceSchema, checkRootWithStatus } from "./schema/resource-schema.ts";
export { celRulesOf, emptySchema, type Schema } from "./schema/schema.ts";
export { suggestField } from "./schema/suggest-field.ts";
export { checkStructural } from "./schema/structural.ts";
export { validateValue } from "./schema/validate.ts";
export { readYaml, type YamlDialect, type YamlDocument, type YamlReading } from "./yaml/read-yaml.ts";
export { writeYaml, type YamlLayout } from "./yaml/write-yaml.ts";
export { formatYamlDiagnostic, type Position, type YamlDiagnostic } from "./yaml/yaml-diagnostic.ts";
