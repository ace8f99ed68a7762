/** One run of the checker: the modules in work, the errors so far, and the names that were made. */
import type { BuiltinSignature } from "../builtins/builtin.ts";
import type { Diagnostic, DiagnosticCode } from "../diagnostics.ts";
import { positionAt, type Span } from "../source.ts";
import type { Body, Import, Module, RefTerm, Rule, RuleHead, Term, VarTerm } from "../syntax/ast.ts";

/** What the checker is told besides the modules. */
export interface CheckOptions {
  /** The builtins that a policy may call, by name. */
  readonly builtins: ReadonlyMap<string, BuiltinSignature>;
  /** OPA's `--strict`. */
  readonly strict?: boolean;
  /** Whether print calls stay (`internal.print`) or are erased; erased by default. */
  readonly print?: boolean;
  /** How many errors are told; 10 by default, 0 for all. */
  readonly errorLimit?: number;
  /** Builtins that may not be called. */
  readonly unsafeBuiltins?: ReadonlySet<string>;
  /** Whether base data has something at a path below `data`. */
  readonly pathExists?: (path: readonly string[]) => boolean;
  /**
   * Schemas by their path (`schema.input`, `schema["x"]`) as annotations name them; annotations that name one are left
   * aside where this is absent. `schema` alone is that of the input.
   */
  readonly schemas?: ReadonlyMap<string, unknown>;
  /** OPA's names of the features that a policy may use; all where this is absent. */
  readonly features?: ReadonlySet<string>;
}

/** A module as the passes change it. */
export interface WorkModule {
  readonly source: Module;
  readonly path: RefTerm;
  readonly imports: readonly Import[];
  readonly rules: WorkRule[];
}

/** A rule as the passes change it: its terms are data, and a pass puts new ones in their place. */
export interface WorkRule {
  readonly module: WorkModule;
  readonly source: Rule;
  readonly else: WorkRule | undefined;
  head: RuleHead;
  body: Body;
}

const limitReached: Diagnostic = {
  code: "rego_compile_error",
  severity: "error",
  message: "error limit reached",
};

function workRule(module: WorkModule, rule: Rule): WorkRule {
  return {
    module,
    source: rule,
    else: rule.else === undefined ? undefined : workRule(module, rule.else),
    head: rule.head,
    body: rule.body,
  };
}

/** Makes names `__local0__`, `__local1__`, … that no module uses. */
export class NameGenerator {
  readonly #taken: ReadonlySet<string>;
  readonly #prefix: string;
  #next = 0;

  constructor(taken: ReadonlySet<string>, prefix: string) {
    this.#taken = taken;
    this.#prefix = prefix;
  }

  /** A name that was not given out before. */
  name(): string {
    for (;;) {
      const name = `${this.#prefix}${this.#next}__`;
      this.#next += 1;
      if (!this.#taken.has(name)) return name;
    }
  }

  /** A variable of a new name. */
  variable(span: Span): VarTerm {
    return { kind: "var", span, name: this.name() };
  }
}

/** The errors of one run, up to its limit. */
export class Errors {
  readonly #limit: number;
  readonly #found: Diagnostic[] = [];
  #fatal = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether the stages after this one are to be left out. */
  get fatal(): boolean {
    return this.#fatal;
  }

  /** Whether anything was found. */
  get any(): boolean {
    return this.#found.length > 0;
  }

  /** Records errors that end the run after the current stage. Answers whether there is room for more. */
  fail(...found: readonly Diagnostic[]): boolean {
    return this.#record(found, true);
  }

  /** Records errors after which later stages still make sense. */
  note(...found: readonly Diagnostic[]): boolean {
    return this.#record(found, false);
  }

  #record(found: readonly Diagnostic[], fatal: boolean): boolean {
    if (found.length === 0) return true;
    if (this.#limit > 0 && this.#found.length >= this.#limit) return false;
    const room = this.#limit > 0 ? this.#limit - this.#found.length : found.length;
    this.#found.push(...found.slice(0, room));
    const full = this.#limit > 0 && this.#found.length === this.#limit;
    this.#fatal ||= fatal || full;
    return !full;
  }

  /** All of them by place, and a word where the limit cut them off. */
  list(): readonly Diagnostic[] {
    const sorted = this.#found.toSorted(byPlace);
    return this.#limit > 0 && sorted.length >= this.#limit ? [...sorted, limitReached] : sorted;
  }
}

/** The order in which errors are told: by file and place, then by what they say. */
export function byPlace(a: Diagnostic, b: Diagnostic): number {
  if (a.span === undefined || b.span === undefined) {
    if (a.span === b.span) return a.message < b.message ? -1 : a.message > b.message ? 1 : 0;
    return a.span === undefined ? 1 : -1;
  }
  if (a.span.source.name !== b.span.source.name) return a.span.source.name < b.span.source.name ? -1 : 1;
  if (a.span.start !== b.span.start) return a.span.start - b.span.start;
  const left = `${a.code}: ${a.message}`;
  const right = `${b.code}: ${b.message}`;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** An error at a place. */
export function problem(
  code: DiagnosticCode,
  span: Span | undefined,
  message: string,
  details?: readonly string[],
): Diagnostic {
  return {
    code,
    severity: "error",
    message,
    ...(span === undefined || span.untold === true ? {} : { span }),
    ...(details === undefined ? {} : { details }),
  };
}

/** The state that the passes share. */
export interface Compilation {
  readonly options: CheckOptions;
  readonly strict: boolean;
  readonly modules: readonly WorkModule[];
  readonly errors: Errors;
  readonly names: NameGenerator;
  /** Names that a rewrite made, to the names that were written. */
  readonly written: Map<string, string>;
  /** What a generated name stands for in a message: `[1, 2]` in `[1, 2][i]`. */
  readonly subjects: Map<string, Term>;
}

/** Starts a run over modules, in the order of their names. */
export function startCompilation(
  modules: readonly Module[],
  options: CheckOptions,
  taken: ReadonlySet<string>,
): Compilation {
  const sorted = modules.toSorted((a, b) =>
    a.span.source.name < b.span.source.name ? -1 : a.span.source.name > b.span.source.name ? 1 : 0,
  );
  return {
    options,
    strict: options.strict ?? false,
    modules: sorted.map((source) => {
      const module: WorkModule = { source, path: source.package.path, imports: source.imports, rules: [] };
      for (const rule of source.rules) module.rules.push(workRule(module, rule));
      return module;
    }),
    errors: new Errors(options.errorLimit ?? 10),
    names: new NameGenerator(taken, "__local"),
    written: new Map(),
    subjects: new Map(),
  };
}

/** Every rule of a module, each followed by its `else`. */
export function* rulesOf(module: WorkModule): Generator<WorkRule> {
  for (const rule of module.rules) yield* elseChain(rule);
}

/** A rule and its `else` rules in order. */
export function* elseChain(rule: WorkRule): Generator<WorkRule> {
  for (let next: WorkRule | undefined = rule; next !== undefined; next = next.else) yield next;
}

/** Whether a rule makes a set: `p contains x`. */
export function isMultiValue(rule: WorkRule): boolean {
  return rule.head.value === undefined;
}

/** Whether a rule takes arguments. */
export function isFunction(rule: WorkRule): boolean {
  return (rule.head.args?.length ?? 0) > 0;
}

/** Whether a module is held to the rules of v1. */
export function isV1(module: WorkModule): boolean {
  return module.source.version !== "v0";
}

/** Where a rule stands under `data`: every term of its ref, the name as a string. */
export function rulePath(rule: WorkRule): readonly Term[] {
  const [name, ...rest] = rule.head.ref.terms;
  const first: readonly Term[] =
    name === undefined ? [] : [name.kind === "var" ? { kind: "string", span: name.span, value: name.name } : name];
  return [...rule.module.path.terms, ...first, ...rest];
}

/** The row of a span's start. */
export function rowOf(span: Span): number {
  return positionAt(span.source, span.start).row;
}
