/** The parser's doors: text in; a module, a query or a term out, or what is wrong, in OPA's words. */
import type { AnnotationReader } from "./annotation.ts";
import type { Body, Import, Module, Package, RefTerm, RegoVersion, Term } from "./ast.ts";
import { defaultCapabilities, type Capabilities } from "./capabilities.ts";
import { describeErrors } from "./describe-errors.ts";
import { buildModule } from "./module.ts";
import type { ParseError } from "./parser.ts";
import { printBody, printTerm } from "./print.ts";
import { parseStatements, type StatementOptions } from "./statements.ts";
import type { Diagnostic, Outcome } from "../diagnostics.ts";
import type { Source } from "../source.ts";

/** How a text is read. Everything is optional: v1 as OPA 1.22 reads it. */
export interface ParserOptions {
  readonly version?: RegoVersion;
  /** Defaults to OPA 1.22's for the version. */
  readonly capabilities?: Capabilities;
  /** What reads METADATA blocks (`annotationReader`); broken ones are errors then. */
  readonly annotations?: AnnotationReader;
  /** Future keywords that are on without an import, or all that the capabilities allow. */
  readonly futureKeywords?: readonly string[] | "all";
}

/** Reads a module. */
export function parseModule(source: Source, options: ParserOptions = {}): Outcome<Module> {
  const reading = statementOptions(options, false);
  const statements = parseStatements(source, reading);
  const built = buildModule(source, statements, {
    version: reading.version,
    builtins: reading.capabilities.builtins,
    annotations: options.annotations,
    readTerm,
  });
  return "module" in built ? { ok: true, value: built.module } : failure(source, built.errors, built.ofGrammar);
}

/** Reads a term of an annotation, or says why it is none. */
function readTerm(text: string): Term | string {
  const written = { name: "", text };
  const query = parseQuery(written);
  if (!query.ok) return `failed to parse term: ${describeErrors(written, query.diagnostics)}`;
  const term = termOf(written, query.value);
  return term.ok ? term.value : (term.diagnostics[0]?.message ?? "");
}

/** Reads a query: expressions with `;` or newlines between. */
export function parseQuery(source: Source, options: ParserOptions = {}): Outcome<Body> {
  const { statements, errors } = parseStatements(source, statementOptions(options, true));
  if (errors.length > 0) return failure(source, errors, errors);
  const body: Body[number][] = [];
  for (const statement of statements) {
    if (!("query" in statement)) {
      const got = "rule" in statement ? "*ast.Rule" : statement.kind === "import" ? "*ast.Import" : "*ast.Package";
      return failure(source, [{ offset: 0, message: `expected body but got ${got}` }]);
    }
    for (const expression of statement.query) body.push({ ...expression, index: body.length });
  }
  return { ok: true, value: body };
}

/** Reads a line of imports, as it stands in a module. */
export function parseImports(source: Source, options: ParserOptions = {}): Outcome<readonly Import[]> {
  const { statements, errors } = parseStatements(source, statementOptions(options, false));
  if (errors.length > 0) return failure(source, errors, errors);
  const imports = statements.flatMap((each) => ("kind" in each && each.kind === "import" ? [each] : []));
  if (imports.length === statements.length) return { ok: true, value: imports };
  return failure(source, [{ offset: -1, message: "expected an import and nothing else" }]);
}

/** Reads a line that says the package, as it stands in a module. */
export function parsePackage(source: Source, options: ParserOptions = {}): Outcome<Package> {
  const { statements, errors } = parseStatements(source, statementOptions(options, false));
  if (errors.length > 0) return failure(source, errors, errors);
  const [first, ...others] = statements;
  if (first !== undefined && "kind" in first && first.kind === "package" && others.length === 0) {
    return { ok: true, value: first };
  }
  return failure(source, [{ offset: -1, message: "expected a package and nothing else" }]);
}

/** Another name of `parseQuery`, for what stands in braces elsewhere. */
export function parseBody(source: Source, options: ParserOptions = {}): Outcome<Body> {
  return parseQuery(source, options);
}

/** Reads one term, such as a document written in Rego. */
export function parseTerm(source: Source, options: ParserOptions = {}): Outcome<Term> {
  const query = parseQuery(source, options);
  return query.ok ? termOf(source, query.value) : query;
}

function termOf(source: Source, query: Body): Outcome<Term> {
  const [expression, ...others] = query;
  if (expression === undefined || others.length > 0) {
    return failure(source, [{ offset: 0, message: `expected exactly one term but got: ${printBody(query)}` }]);
  }
  if (expression.kind !== "term") {
    const got =
      expression.kind === "call"
        ? `[${[expression.operator, ...expression.args].map(printTerm).join(" ")}]`
        : printBody(query);
    return failure(source, [{ offset: 0, message: `expected term but got ${got}` }]);
  }
  return { ok: true, value: expression.term };
}

/** Reads one reference. */
export function parseRef(source: Source, options: ParserOptions = {}): Outcome<RefTerm> {
  const term = parseTerm(source, options);
  if (!term.ok) return term;
  if (term.value.kind === "ref") return { ok: true, value: term.value };
  return failure(source, [{ offset: 0, message: `expected ref but got ${printTerm(term.value)}` }]);
}

function statementOptions(options: ParserOptions, queriesOnly: boolean): StatementOptions {
  const version = options.version ?? "v1";
  return {
    version,
    capabilities: options.capabilities ?? defaultCapabilities(version),
    queriesOnly,
    futureKeywords: options.futureKeywords ?? [],
  };
}

/** Errors as diagnostics; those of the grammar are shown with their line. */
function failure(
  source: Source,
  errors: readonly ParseError[],
  ofGrammar: readonly ParseError[] = [],
): { ok: false; diagnostics: readonly Diagnostic[] } {
  const diagnostics = errors.map((error): Diagnostic => {
    const { offset, message } = error;
    const span = { source, start: offset, end: offset };
    const excerpt = offset >= 0 && ofGrammar.includes(error) ? { excerpt: true as const } : {};
    return { code: "rego_parse_error", severity: "error", message, ...(offset >= 0 && { span }), ...excerpt };
  });
  return { ok: false, diagnostics };
}
