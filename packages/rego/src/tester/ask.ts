/** Questions to modules as people ask them: a query as text, its expressions' values and its variables as the answer. */
import { builtins } from "../builtins/table.ts";
import { compileProgram, type ProgramOptions } from "../compile.ts";
import type { Outcome } from "../diagnostics.ts";
import type { Evaluation, EvaluationError, Needs, Policy, Solution } from "../policy.ts";
import type { Value } from "../runtime/value.ts";
import { positionAt, textOf, type Position } from "../source.ts";
import type { Body, Import, Module, RefTerm } from "../syntax/ast.ts";
import { parseImports, parsePackage, parseQuery } from "../syntax/parse.ts";
import { printRef } from "../syntax/print.ts";
import { captureExpressions } from "./capture.ts";

/** A question, and what it is asked of. */
export interface AskOptions extends Omit<ProgramOptions, "queries"> {
  readonly query: string;
  /** The version that the query is read as; v1 when absent. */
  readonly version?: "v0" | "v1";
  /** The package in which the query stands: `a.b`. */
  readonly package?: string;
  /** Its imports: `data.a`, `input.x as y`. */
  readonly imports?: readonly string[];
}

/** One way to answer the query. */
export interface Answer {
  readonly expressions: readonly { readonly value: Value; readonly text: string; readonly position: Position }[];
  readonly bindings: Solution;
}

/** A question that was compiled. */
export interface Question {
  readonly policy: Policy;
  /** All answers; none means undefined. */
  answers(
    evaluation: Evaluation,
  ): { readonly kind: "answers"; readonly answers: readonly Answer[] } | EvaluationError | Needs;
}

/** The name of the only entrypoint of a question's policy. */
const entry = "query";

/** Compiles a question. */
export async function ask({ query, version = "v1", ...options }: AskOptions): Promise<Outcome<Question>> {
  const source = { name: "", text: query };
  const scope = scopeOf(options.package, options.imports ?? [], version);
  if (!scope.ok) return scope;
  const future = scope.value.imports.flatMap(futureKeyword);
  const futureKeywords = future.includes("*") ? ("all" as const) : future;
  const { capabilities } = options;
  const parsed = parseQuery(source, {
    version,
    futureKeywords,
    ...(capabilities === undefined ? {} : { capabilities }),
  });
  if (!parsed.ok) return parsed;
  const body = parsed.value;
  const captured = captureExpressions(body, (operator) => arityOf(options.modules, scope.value, operator));
  const captures = captured.variables.flatMap((name) => name ?? []);
  const compiled = await compileProgram({
    ...options,
    queries: { [entry]: { body: captured.body, captures, ...scope.value } },
  });
  if (!compiled.ok) return compiled;
  const policy = compiled.value;
  return {
    ok: true,
    value: {
      policy,
      answers: (evaluation) => {
        const evaluated = policy.evaluate(entry, evaluation);
        if (evaluated.kind !== "result") return evaluated;
        return {
          kind: "answers",
          answers: evaluated.solutions.map((solution) => answerOf(body, captured.variables, solution)),
        };
      },
    },
  };
}

function answerOf(body: Body, variables: readonly (string | undefined)[], solution: Solution): Answer {
  const expressions = body.map(({ span }, at) => {
    const variable = variables[at];
    const value = variable === undefined ? true : (solution.get(variable) ?? null);
    return { value, text: textOf(span), position: positionAt(span.source, span.start) };
  });
  const bindings = new Map([...solution].filter(([name]) => !variables.includes(name)));
  return { expressions, bindings };
}

interface Scope {
  readonly package?: RefTerm;
  readonly imports: readonly Import[];
}

/** The package and the imports, each read as in a module of its own. */
function scopeOf(name: string | undefined, lines: readonly string[], version: "v0" | "v1"): Outcome<Scope> {
  const imports: Import[] = [];
  for (const line of lines) {
    const read = parseImports({ name: "", text: `import ${line}` }, { version });
    if (!read.ok) return read;
    imports.push(...read.value);
  }
  if (name === undefined) return { ok: true, value: { imports } };
  const read = parsePackage({ name: "", text: `package ${name}` }, { version });
  return read.ok ? { ok: true, value: { imports, package: read.value.path } } : read;
}

function futureKeyword({ path }: Import): readonly string[] {
  const [first, second, keyword] = path.terms;
  if (first?.kind === "var" && first.name === "rego" && second?.kind === "string") {
    return second.value === "v2" ? ["not", "and", "or"] : [];
  }
  if (first?.kind !== "var" || first.name !== "future" || second?.kind !== "string") return [];
  return [keyword?.kind === "string" ? keyword.value : "*"];
}

/** How many arguments a function takes, if it has a result. */
function arityOf(modules: readonly Module[], { package: path, imports }: Scope, operator: RefTerm): number | undefined {
  const text = printRef(operator.terms);
  const builtin = builtins.get(text);
  if (builtin !== undefined) {
    const { args, result, relation } = builtin.signature;
    return result === undefined || relation === true ? undefined : args.length;
  }
  const [first, ...rest] = operator.terms;
  const names = new Set([text]);
  if (path !== undefined) names.add(`${printRef(path.terms)}.${text}`);
  for (const imported of imports) {
    const last = imported.path.terms.at(-1);
    const alias = imported.alias ?? (last?.kind === "string" ? last.value : "");
    if (first?.kind === "var" && first.name === alias) names.add(printRef([...imported.path.terms, ...rest]));
  }
  for (const module of modules) {
    for (const { head } of module.rules) {
      if (head.args === undefined) continue;
      if (names.has(printRef(pathOf(module, head.ref)))) return head.args.length;
    }
  }
  return undefined;
}

function pathOf(module: Module, { terms: [first, ...rest] }: RefTerm): RefTerm["terms"] {
  const name = first?.kind === "var" ? [{ kind: "string" as const, value: first.name, span: first.span }] : [];
  return [...module.package.path.terms, ...name, ...rest];
}
