/**
 * The second door: what tools around the engine need of it (a command line, an editor, a page), and what policies in
 * production do not. It is apart from the first so that nobody loads a formatter to review a Pod.
 */
export { checkProgram, compileProgram, translate, type ParsedQuery, type ProgramOptions } from "./compile.ts";
export type { Program } from "./check/program.ts";
export type { Annotation, Body, Expression, Import, Module, RefTerm, Rule, Term } from "./syntax/ast.ts";
export {
  capabilitiesOf,
  capabilityVersions,
  readCapabilities,
  type Capabilities,
  type CapabilitiesResult,
} from "./capabilities.ts";
export { formatSource, type FormatOptions, type Formatted } from "./format-source.ts";
export { moduleToJson, termToJson, type JsonOptions } from "./syntax/json.ts";
export { defaultCapabilities } from "./syntax/capabilities.ts";
export { parseModule, parseQuery, parseRef, type ParserOptions } from "./syntax/parse.ts";
export { printBody, printRef, printTerm } from "./syntax/print.ts";
export { formatAlone } from "./builtins/sprintf.ts";
export { readYAMLDocument } from "./builtins/yaml/document.ts";
export { readJSON } from "./runtime/json-reader.ts";
export { quoteJSON, writeIndentedJSON, writeJSON } from "./runtime/json-writer.ts";
export { decodeUtf8 } from "./runtime/text.ts";
export { valueToText } from "./runtime/value-text.ts";
export { ask, type Answer, type AskOptions, type Question } from "./tester/ask.ts";
export {
  CoverageCounter,
  rowsOf,
  type Coverage,
  type FileCoverage,
  type NotCovered,
  type NotCoveredKind,
  type Range,
} from "./tester/coverage.ts";
export { Recorder, type Event } from "./tester/recorder.ts";
export type { Site } from "./tester/instrument.ts";
export { runTests, type CaseResult, type TestOptions, type TestResult } from "./tester/run-tests.ts";
export { failuresOf, notesOf, traceOf, type TraceLine } from "./tester/trace.ts";
export { profileOf, type ProfileLine } from "./tester/profile.ts";
export { reachable } from "./standalone/reachable.ts";
export { printStandalone } from "./standalone/print.ts";
export { builtins, isCallable, type TableEntry } from "./builtins/table.ts";
export { typeText } from "./check/type-text.ts";
export { annotationReader } from "./syntax/annotation.ts";
export { annotationToJson, dataToJson } from "./syntax/annotation-json.ts";
