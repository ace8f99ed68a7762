import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  parseAllDocuments,
  visit,
  type Document,
  type YAMLError,
} from "yaml";
import { readJson } from "../json/read.ts";
import type { JsonValue } from "../json/value.ts";
import { goTags, goTags3 } from "./go-scalars.ts";
import { indentQuotedContinuations } from "./quoted-continuations.ts";
import type { Position, YamlDiagnostic } from "./yaml-diagnostic.ts";

/** One document of a file; documents that hold nothing are left out. */
export interface YamlDocument {
  readonly value: JsonValue;
  /** Where the document's first node stands. */
  readonly position: Position;
  /** Where the value at a path stands; where the path ends early, where its last part is. */
  locate(path: readonly (string | number)[]): Position;
}

/** What reading a file gave. A document with an error is not among the documents; the others are. */
export interface YamlReading {
  readonly documents: readonly YamlDocument[];
  readonly diagnostics: readonly YamlDiagnostic[];
}

/** Whose reader a file is meant for: kubectl's, or that of gator's suites, to which `yes` and `off` are words. */
export type YamlDialect = "kubectl" | "suite";

/** Reads YAML or JSON, one document or many, as kubectl and gator read it. The name is used in diagnostics. */
export function readYaml(text: string, name: string, dialect: YamlDialect = "kubectl"): YamlReading {
  if (/^\s*[{[]/.test(text)) {
    const json = readJson(text);
    // The positions of a JSON file are rarely asked for, so the YAML reader makes them when they are.
    if (json.ok) return { documents: [lazyDocument(text, json.value)], diagnostics: [] };
  }
  const strict = parse(text, dialect);
  if (strict.documents.every((document) => document.errors.length === 0)) return collect(strict, text, name);
  const lenient = parse(indentQuotedContinuations(text), dialect);
  const repaired = lenient.documents.every((document) => document.errors.length === 0);
  return collect(repaired ? lenient : strict, text, name);
}

interface Parsed {
  readonly documents: readonly Document.Parsed[];
  readonly lines: LineCounter;
}

function parse(text: string, dialect: YamlDialect = "kubectl"): Parsed {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(separateJson(text), {
    version: "1.1",
    customTags: dialect === "suite" ? goTags3 : goTags,
    uniqueKeys: false,
    // Kubernetes' own reader knows no directives either way; a mere `%YAML 1.2` must not change the scalars.
    lineCounter: lines,
    logLevel: "silent",
    prettyErrors: false,
  });
  return { documents: [...parsed], lines };
}

/** JSON documents may follow one another without a separator, which YAML does not allow. Positions stay as they are. */
function separateJson(text: string): string {
  if (!/^\s*\{/.test(text)) return text;
  return text.replace(/^\}[ \t]*\r?\n(?=\s*\{)/gm, (end) => `${end.trimEnd()}\n---\n`);
}

function collect(parsed: Parsed, text: string, name: string): YamlReading {
  const documents: YamlDocument[] = [];
  const diagnostics: YamlDiagnostic[] = [];
  const textLines = text.split("\n");
  const report = (severity: "error" | "warning", at: number, message: string, help?: string): void => {
    const position = positionOf(parsed.lines, at);
    const sourceLine = (textLines[position.line - 1] ?? "").trimEnd();
    diagnostics.push({ severity, name, position, message, sourceLine, ...(help === undefined ? {} : { help }) });
  };
  for (const document of parsed.documents) {
    const problems = problemsOf(document);
    for (const { at, message, help } of problems) report("error", at, message, help);
    if (problems.length > 0) continue;
    for (const { at, key } of duplicateKeys(document)) {
      report(
        "warning",
        at,
        `the key \`${key}\` stands twice in one mapping; the last one counts`,
        "remove one of them",
      );
    }
    const { contents } = document;
    if (!isNode(contents)) continue;
    try {
      const value: unknown = document.toJS({ maxAliasCount: 100 });
      if (value === null || value === undefined) continue;
      documents.push({
        // The tags make JSON and nothing else.
        value: value as JsonValue,
        position: positionOf(parsed.lines, contents.range?.[0] ?? 0),
        locate: (path) => locate(document, parsed.lines, path),
      });
    } catch (error) {
      // The library's guard against aliases that multiply is the only thing that throws here.
      const message = error instanceof Error ? error.message : String(error);
      report("error", contents.range?.[0] ?? 0, message, "write the repeated part out, or use fewer aliases");
    }
  }
  return { documents, diagnostics };
}

interface Problem {
  readonly at: number;
  readonly message: string;
  readonly help?: string;
}

/** A document's errors, in order. One mistake often makes several; those after the first on a line say nothing new. */
function problemsOf(document: Document.Parsed): readonly Problem[] {
  const unresolved = document.warnings.filter((warning) => warning.code === "TAG_RESOLVE_FAILED");
  const found = [...document.errors, ...unresolved].map((error) => ({
    at: placeOf(error, document),
    ...explain(error),
  }));
  return [...found, ...unusableNodes(document)].toSorted((left, right) => left.at - right.at).slice(0, 1);
}

function explain(error: YAMLError): { readonly message: string; readonly help?: string } {
  switch (error.code) {
    case "TAB_AS_INDENT":
      return { message: "a tab is used for indentation", help: "YAML is indented by spaces; replace the tab" };
    case "TAG_RESOLVE_FAILED": {
      const tag = /^Unresolved tag: (.*)$/.exec(error.message)?.[1];
      if (tag === undefined) return { message: error.message };
      return {
        message: `the tag \`${tag}\` is unknown`,
        help: "Kubernetes objects use YAML's own types alone; write the value without the tag, or quote it",
      };
    }
    case "BAD_INDENT":
      return { message: lowerFirst(error.message), help: "indent this line like the other items of its block" };
    case "MISSING_CHAR":
      return {
        message: lowerFirst(error.message),
        help: "a quote or a bracket was opened and not closed, or a colon is missing",
      };
    default:
      return { message: lowerFirst(error.message) };
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** Where to look: an unclosed quote is reported at the end of the text, but it was opened somewhere. */
function placeOf(error: YAMLError, document: Document.Parsed): number {
  let at = error.pos[0];
  if (error.code !== "MISSING_CHAR" || !error.message.includes("quote")) return at;
  visit(document, {
    Scalar(_key, node) {
      if (node.range !== undefined && node.range !== null && node.range[0] < at && node.range[1] >= at)
        at = node.range[0];
    },
  });
  return at;
}

/** Aliases that point nowhere, and keys that have no form as a JSON key: mappings, sequences and null. */
function unusableNodes(document: Document.Parsed): readonly Problem[] {
  const problems: Problem[] = [];
  visit(document, {
    Alias(_key, alias) {
      if (alias.resolve(document) !== undefined) return;
      const message = `the alias \`*${alias.source}\` refers to no anchor`;
      const help = `put \`&${alias.source}\` before the value that is meant, above this line`;
      problems.push({ at: alias.range?.[0] ?? 0, message, help });
    },
    Pair(_index, pair) {
      const { key } = pair;
      if (isScalar(key) ? key.value !== null : isAlias(key)) return;
      const at = isNode(key) ? (key.range?.[0] ?? 0) : 0;
      problems.push({ at, message: "this key is no scalar, so it has no form in JSON", help: "use a string as key" });
    },
  });
  return problems;
}

function duplicateKeys(document: Document.Parsed): readonly { readonly at: number; readonly key: string }[] {
  const found: { at: number; key: string }[] = [];
  visit(document, {
    Map(_index, map) {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        const text = String(key.value);
        if (text !== "<<" && seen.has(text)) found.push({ at: key.range?.[0] ?? 0, key: text });
        seen.add(text);
      }
    },
  });
  return found;
}

function positionOf(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

function locate(document: Document.Parsed, lines: LineCounter, path: readonly (string | number)[]): Position {
  let at: unknown = document.contents;
  let offset = document.contents?.range?.[0] ?? 0;
  for (const step of path) {
    if (isMap(at)) {
      const pair = at.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      if (pair === undefined) break;
      at = pair.value;
    } else if (isNode(at) && "get" in at && typeof at.get === "function") {
      at = at.get(step, true);
    } else break;
    if (!isNode(at)) break;
    offset = at.range?.[0] ?? offset;
  }
  return positionOf(lines, offset);
}

function lazyDocument(text: string, value: JsonValue): YamlDocument {
  const first = text.search(/\S/);
  const before = text.slice(0, Math.max(first, 0));
  const position = { line: before.split("\n").length, column: before.length - (before.lastIndexOf("\n") + 1) + 1 };
  return {
    value,
    position,
    locate(path) {
      const { documents, lines } = parse(text);
      const document = documents[0];
      return document === undefined ? position : locate(document, lines, path);
    },
  };
}
