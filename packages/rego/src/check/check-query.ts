/** Queries: the same passes over one body, against a Program. */
import type { Diagnostic, Outcome } from "../diagnostics.ts";
import type { Body, Import, RefTerm, Term } from "../syntax/ast.ts";
import { arityFrom, builtinOf, operatorName } from "./calls.ts";
import { NameGenerator, problem, type CheckOptions } from "./compilation.ts";
import { comprehensionHeads } from "./comprehension-heads.ts";
import { addDeclared } from "./declared.ts";
import { callsOf } from "./deprecated.ts";
import { renameIn } from "./distinct-names.ts";
import { Hoister } from "./dynamics.ts";
import { Flattener } from "./flatten.ts";
import { faultyCalls } from "./functions.ts";
import { LocalRewriter } from "./local-rewriter.ts";
import { erasePrintIn, rewritePrintIn, voidCalls } from "./print.ts";
import type { CheckedQuery, Program } from "./program.ts";
import { QueriedProgram } from "./queried-program.ts";
import { globalsOf, Resolver } from "./resolve.ts";
import { reorder, safetyErrors } from "./safety.ts";
import { Scopes } from "./scopes.ts";
import { definedRules, rewriteTemplatesIn } from "./templates.ts";
import { tooDeep } from "./too-deep.ts";
import { BodyTyper, mismatchDetails } from "./type-bodies.ts";
import type { Written } from "./type-refs.ts";
import { writtenRefs } from "./types.ts";
import { addBody, isGenerated, isWildcard, type Variables } from "./variables.ts";
import { walkBody } from "./walk.ts";
import { withRewriter } from "./with.ts";

/** What a query is told besides the program. Strictness is for modules: OPA has none for queries. */
export interface QueryOptions extends Omit<CheckOptions, "strict"> {
  /** The package that bare names are looked up in. */
  readonly package?: RefTerm;
  /** Imports that bare names are looked up in. */
  readonly imports?: readonly Import[];
  /** Wildcards that a solution shows nevertheless. */
  readonly captures?: readonly string[];
}

const documents: ReadonlySet<string> = new Set(["input", "data"]);

class QueryFailure extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super("the query does not compile");
    this.diagnostics = diagnostics;
  }
}

function stop(errors: readonly Diagnostic[]): void {
  if (errors.length > 0) throw new QueryFailure(errors);
}

function resolved(queried: QueriedProgram, body: Body, options: QueryOptions): Body {
  const declared = new Set<string>();
  addDeclared(body, declared);
  const path = options.package;
  const rules = path === undefined ? [] : queried.rulesOf(path);
  const span = body[0]?.span;
  if (span === undefined) return body;
  const root: RefTerm = path ?? { kind: "ref", span, terms: [] };
  return new Resolver(globalsOf(root, rules, options.imports ?? []), [declared]).body(body);
}

function checkBuiltins(body: Body, options: QueryOptions): readonly Diagnostic[] {
  const errors: Diagnostic[] = [];
  const unsafe = options.unsafeBuiltins ?? new Set<string>();
  const forbidden = callsOf(
    (operator) => unsafe.has(operatorName(operator)),
    (name, span) =>
      errors.push(problem("rego_type_error", span, `unsafe built-in function calls in expression: ${name}`)),
  );
  walkBody(body, forbidden);
  return errors;
}

/** The variables that a solution shows. */
function shown(
  body: Body,
  written: ReadonlyMap<string, string>,
  captures: readonly string[] = [],
): ReadonlyMap<string, string> {
  const names: Variables = new Map();
  addBody(body, { skipCallHead: true, skipClosures: true }, names);
  const result = new Map<string, string>();
  for (const name of names.keys()) {
    const original = written.get(name) ?? name;
    const hidden = isGenerated(original) || isWildcard(original) || documents.has(name);
    if (hidden && !captures.includes(original)) continue;
    result.set(name, original);
  }
  return result;
}

function run(queried: QueriedProgram, query: Body, options: QueryOptions): CheckedQuery {
  const { builtins } = options;
  const [first] = query;
  if (first === undefined) {
    throw new QueryFailure([problem("rego_compile_error", undefined, "empty query cannot be compiled")]);
  }
  const taken = new Set([...first.span.source.text.matchAll(/__local\w*/g)].map(([name]) => name));
  const names = new NameGenerator(taken, "__localq");
  const { tree } = queried;
  const arity = arityFrom(builtins, tree);
  const errors: Diagnostic[] = [];
  let body = resolved(queried, query, options);
  const written = new Map<string, string>();
  const scopes = new Scopes(written);
  const locals = new LocalRewriter(names, scopes, false);
  body = locals.bodyOf(body, undefined);
  stop([...locals.errors, ...scopes.unused]);
  const isDefined = definedRules(tree);
  body = rewriteTemplatesIn({ names, arity, builtins, written, isDefined, errors }, body);
  stop(errors);
  walkBody(
    body,
    voidCalls((term) => isVoid(options, term), errors),
  );
  stop(errors);
  body =
    options.print === true ? rewritePrintIn({ names, arity, written, errors }, body, documents) : erasePrintIn(body);
  stop(errors);
  const subjects = new Map<string, Term>();
  body = new Flattener(names, subjects).body(body);
  body = comprehensionHeads(names).body(body);
  const unsafe = options.unsafeBuiltins ?? new Set<string>();
  body = withRewriter({ names, tree, builtins, unsafe }, (error) => errors.push(error)).body(body);
  stop(errors.slice(0, 1));
  walkBody(body, faultyCalls({ arity, written, mismatch: mismatchDetails(options) }, errors));
  stop(errors);
  const ordered = reorder(body, arity, documents);
  stop(safetyErrors(ordered.unsafe, written, ""));
  body = new Hoister(names, subjects).body(ordered.body);
  stop(typeErrors(queried, body, options, writtenRefs(written, subjects)));
  stop(checkBuiltins(body, options));
  const variables = shown(body, written, options.captures);
  const own: Variables = new Map();
  addBody(body, { skipCallHead: true, skipClosures: true }, own);
  return { body: renameIn(own, body, written, () => names.name()), variables };
}

function typeErrors(queried: QueriedProgram, body: Body, options: QueryOptions, show: Written): readonly Diagnostic[] {
  const hasWith = options.builtins.size > 0 && body.some((expression) => expression.with.length > 0);
  const dependents = hasWith ? queried.dependents : () => [];
  const typer = new BodyTyper({ options, written: show, dependents });
  return typer.body(typer.base().wrapWith(queried.types), body).errors;
}

function isVoid(options: QueryOptions, term: Term): boolean {
  if (term.kind !== "ref") return false;
  const builtin = builtinOf(options.builtins, term);
  return builtin !== undefined && builtin.result === undefined;
}

/** Checks one query: what to run and which variables it shows, or what is wrong. */
export type QueryChecker = (body: Body, options: QueryOptions) => Outcome<CheckedQuery>;

/** Checks queries against a program. */
export function queryChecker(program: Program): QueryChecker {
  const queried = new QueriedProgram(program);
  return (body, options) => {
    try {
      return { ok: true, value: run(queried, body, options) };
    } catch (error) {
      if (error instanceof QueryFailure) return { ok: false, diagnostics: limited(error.diagnostics, options) };
      const deep = tooDeep(error, body[0]?.span);
      if (deep === undefined) throw error;
      return { ok: false, diagnostics: [deep] };
    }
  };
}

function limited(diagnostics: readonly Diagnostic[], { errorLimit = 10 }: QueryOptions): readonly Diagnostic[] {
  if (errorLimit <= 0 || diagnostics.length <= errorLimit) return diagnostics;
  return [...diagnostics.slice(0, errorLimit), problem("rego_compile_error", undefined, "error limit reached")];
}
