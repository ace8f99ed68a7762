/** Statements put together to a module: queries taken for rules, and what v1 asks of rules. */
import type { Body, Import, Module, Package, RegoVersion } from "./ast.ts";
import type { AnnotationReader } from "./annotation.ts";
import type { TermReader } from "./annotation-fields.ts";
import { raisesVersion } from "./import.ts";
import type { Capabilities } from "./capabilities.ts";
import type { ParseError } from "./parser.ts";
import type { ParsedRule } from "./rule.ts";
import { ruleFromQuery } from "./rule-from-query.ts";
import { startOf, type Statement, type Statements } from "./statements.ts";
import { isKeyword } from "./token.ts";
import { positionAt, type Source } from "../source.ts";

/** A module, or what is wrong with it. */
export type BuiltModule =
  | { readonly module: Module }
  /** `ofGrammar`: those that are shown with the line they are in. */
  | { readonly errors: readonly ParseError[]; readonly ofGrammar?: readonly ParseError[] };

/** How a module is put together. */
export interface BuildOptions {
  readonly version: RegoVersion;
  readonly builtins: Capabilities["builtins"];
  /** What reads METADATA blocks; without it they are comments like others. */
  readonly annotations: AnnotationReader | undefined;
  /** For the references that annotations hold. */
  readonly readTerm: TermReader;
}

/** The module that statements make up. */
export function buildModule(source: Source, read: Statements, options: BuildOptions): BuiltModule {
  const { statements, comments } = read;
  const metadata = options.annotations?.read(comments, options.readTerm) ?? { blocks: [], errors: [] };
  const readErrors = [...read.errors, ...metadata.errors];
  if (readErrors.length > 0) return { errors: readErrors, ofGrammar: readErrors };
  const [first] = statements;
  if (first === undefined) {
    // A block of annotations is a statement to OPA, though none of a module's.
    const [block] = metadata.blocks;
    if (block !== undefined) return { errors: [{ offset: block.span.start, message: "package expected" }] };
    return { errors: [{ offset: -1, message: "empty module" }] };
  }
  const errors: ParseError[] = [];
  const header = isPackage(first) ? first : undefined;
  if (header === undefined) errors.push({ offset: startOf(first), message: "package expected" });
  const imports: Import[] = [];
  const rules: ParsedRule[] = [];
  let { version } = options;
  for (let position = 1; position < statements.length; position += 1) {
    const statement = statements[position];
    if (statement === undefined) break;
    if ("query" in statement) {
      const rule = ruleFromQuery(statement.query, options.builtins);
      if (typeof rule === "string") {
        const suggestion = version === "v0" ? suggestImport(source, statements, position) : "";
        errors.push({ offset: startOf(statement), message: `${rule}${suggestion}` });
      } else {
        rules.push({ rule, hasIf: false, hasContains: false, else: undefined });
      }
    } else if ("rule" in statement) {
      rules.push(statement);
    } else if (statement.kind === "import") {
      imports.push(statement);
      if (version === "v0" && raisesVersion(statement)) version = "v0v1";
    } else {
      errors.push({ offset: startOf(statement), message: "unexpected package" });
    }
  }
  if (version !== "v0") errors.push(...rules.flatMap(checkVersion1));
  if (errors.length > 0 || header === undefined) return { errors };
  const written = rules.map(({ rule }) => rule);
  const attached = options.annotations?.attach(header, imports, written, metadata.blocks) ?? {
    rules: written,
    annotations: [],
    errors: [],
  };
  if (attached.errors.length > 0) return { errors: attached.errors };
  const module: Module = {
    kind: "module",
    span: { source, start: 0, end: source.text.length },
    version,
    package: header,
    imports,
    rules: attached.rules,
    comments,
    annotations: attached.annotations,
  };
  return { module };
}

function isPackage(statement: Statement): statement is Package {
  return "kind" in statement && statement.kind === "package";
}

/** What v1 asks of a rule and of its `else`s, in OPA's order. */
function checkVersion1(parsed: ParsedRule): readonly ParseError[] {
  const errors: ParseError[] = [];
  for (let at: ParsedRule | undefined = parsed; at !== undefined; at = at.else) {
    const { rule, hasIf, hasContains } = at;
    const { head } = rule;
    const noun = head.args === undefined ? "rule" : "function";
    const report = (message: string): void => {
      errors.push({ offset: rule.span.start, message });
    };
    if (head.ref.terms.length < 2 && head.name !== undefined && isKeyword(head.name, "v1")) {
      report(`${head.name} keyword cannot be used for rule name`);
    }
    if (rule.generatedBody && head.generatedValue) {
      report(`${noun} must have value assignment and/or body declaration`);
    }
    if (!rule.generatedBody && !hasIf && !rule.isDefault) report(`\`if\` keyword is required before ${noun} body`);
    if (head.key !== undefined && !hasContains) report("`contains` keyword is required for partial set rules");
  }
  return errors;
}

const headKeywordExamples: ReadonlyMap<string, string> = new Map([
  ["if", "p if { ... }"],
  ["contains", "p contains x"],
]);

/**
 * Without its import `if` is a name, so that `p if { … }` is read as the query `p` and a rule called `if`: the hint
 * at what is missing. Empty where that is not what happened.
 */
function suggestImport(source: Source, statements: readonly Statement[], position: number): string {
  const statement = statements[position];
  if (statement === undefined) return "";
  let word = headKeyword(statement);
  const next = statements[position + 1];
  if (word === undefined && next !== undefined) {
    const row = positionAt(source, startOf(statement)).row;
    if (positionAt(source, startOf(next)).row === row) word = headKeyword(next);
  }
  const example = word === undefined ? undefined : headKeywordExamples.get(word);
  return example === undefined ? "" : ` (hint: \`import future.keywords.${word}\` for \`${example}\` rules)`;
}

function headKeyword(statement: Statement): string | undefined {
  let name: string | undefined;
  if ("rule" in statement) ({ name } = statement.rule.head);
  else if ("query" in statement) name = soleVariable(statement.query);
  return name !== undefined && headKeywordExamples.has(name) ? name : undefined;
}

function soleVariable(query: Body): string | undefined {
  const [expression, ...others] = query;
  if (others.length > 0 || expression?.kind !== "term" || expression.term.kind !== "var") return undefined;
  return expression.term.name;
}
