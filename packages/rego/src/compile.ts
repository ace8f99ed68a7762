import type { Builtin, BuiltinFunction, BuiltinSignature } from "./builtins/builtin.ts";
import { builtins as builtinTable } from "./builtins/table.ts";
import type { Capabilities } from "./capabilities.ts";
import { checkModules } from "./check/check.ts";
import type { CheckOptions } from "./check/compilation.ts";
import { tooDeep } from "./check/too-deep.ts";
import { queryChecker } from "./check/check-query.ts";
import type { CheckedQuery, Program } from "./check/program.ts";
import type { Type } from "./check/type.ts";
import type { Diagnostic, Outcome } from "./diagnostics.ts";
import { emit, type Emitted } from "./emit/module.ts";
import { policyOf } from "./evaluate.ts";
import { link, printModule } from "./link.ts";
import { OpenVariable } from "./plan/open-variable.ts";
import { plan } from "./plan/plan-policy.ts";
import type { BuiltinShape } from "./plan/world.ts";
import type { Policy } from "./policy.ts";
import type { Body, Import, Module, RefTerm } from "./syntax/ast.ts";
import type { AnnotationReader } from "./syntax/annotation.ts";
import { parseModule, parseQuery, type ParserOptions } from "./syntax/parse.ts";

/** A module as text. */
export interface ModuleText {
  /** The name it is reported under. */
  readonly name: string;
  readonly text: string;
  /** How it is read; `v1` when absent. A v0 module may say `import rego.v1` itself. */
  readonly version?: "v0" | "v1";
}

/** What a policy is made of. */
export interface CompileOptions {
  readonly modules: readonly ModuleText[];
  /** Named queries, parsed as v1: `{ violation: "data.template.violation" }`, `{ main: "data.generated.p = x" }`. */
  readonly entrypoints: Readonly<Record<string, string>>;
  /** Builtins that this policy may not use, by name (`http.send`). */
  readonly disabledBuiltins?: readonly string[];
  /** What it may use of the language; all that OPA 1.22 has when absent. */
  readonly capabilities?: Capabilities;
  /** Builtins beside the table's, by name (`external_data`). */
  readonly builtins?: Readonly<Record<string, Builtin>>;
  /** Whether METADATA blocks are read, and broken ones refused, as the `opa` command does; true when absent. */
  readonly annotations?: boolean;
  /** OPA's strict mode: unused variables and imports, shadowing and deprecated builtins are errors. */
  readonly strict?: boolean;
  /** Whether base data exists at a path below `data`, so that a rule there can be refused. */
  readonly hasData?: (path: readonly string[]) => boolean;
  /** Whether `print` is kept; erased when absent. */
  readonly print?: boolean;
  /**
   * Whether input or base data may hold more than JSON does: sets, and objects with keys that are no strings. Input
   * written as a Rego term may; code for plain JSON, the default, is faster.
   */
  readonly anyInput?: boolean;
}

/** What `check()` found: the policy as text, linked to nothing. */
export interface Checked {
  /** The generated code, to be read. */
  readonly code: string;
  /** The names of the builtins that it calls. */
  readonly builtins: readonly string[];
}

/** A query that was read already, and where its bare names are looked up. */
export interface ParsedQuery {
  readonly body: Body;
  readonly package?: RefTerm;
  readonly imports?: readonly Import[];
  /** Wildcards of it that solutions show nevertheless. */
  readonly captures?: readonly string[];
}

/** What a policy is made of, for tools that read the modules and the queries themselves. */
export interface ProgramOptions extends Omit<CompileOptions, "modules" | "entrypoints"> {
  readonly modules: readonly Module[];
  readonly queries: Readonly<Record<string, ParsedQuery>>;
  /** How many errors are told; 10 when absent, 0 for all. */
  readonly errorLimit?: number;
  /** What becomes of the checked program before it is planned: where tools put their probes. */
  readonly instrument?: (
    program: Program,
    queries: ReadonlyMap<string, CheckedQuery>,
  ) => { readonly program: Program; readonly queries: ReadonlyMap<string, CheckedQuery> };
  /** Whether conditions are asked in the order of the text, though another be faster or OPA's index would skip them. */
  readonly inOrder?: boolean;
  /** Whether all bodies of a rule run, though the first that holds would do: for coverage. */
  readonly exhaustive?: boolean;
  /** Schemas by the path that annotations name them by; `schema` alone is that of input. */
  readonly schemas?: ReadonlyMap<string, unknown>;
}

/** Text to policy: parse, check, plan, emit, link. Asynchronous because a family of builtins may have to be loaded. */
export async function compile(options: CompileOptions): Promise<Outcome<Policy>> {
  const parsed = parseOptions(options, await annotationsFor(options));
  return parsed.ok ? compileProgram(parsed.value) : parsed;
}

/** The same for modules and queries that were read already. */
export async function compileProgram(options: ProgramOptions): Promise<Outcome<Policy>> {
  const translated = translate(options);
  if (!translated.ok) return translated;
  const emitted = translated.value;
  const loaded = await load(emitted, builtinsOf(options));
  if (!loaded.ok) return loaded;
  const { linked, text } = link(emitted, loaded.value, options.modules[0]?.span.source.name ?? "query");
  // The text is kept once, by JavaScript's engine.
  const { text: _text, ...described } = emitted;
  return { ok: true, value: policyOf(linked, described, () => printModule({ ...described, text: text() })) };
}

/** The reader of METADATA blocks, where a module may have one. */
async function annotationsFor({ modules, annotations }: CompileOptions): Promise<AnnotationReader | undefined> {
  if (annotations === false || !modules.some(({ text }) => text.includes("METADATA"))) return undefined;
  return (await import("./syntax/annotation.ts")).annotationReader;
}

/**
 * Everything of `compile()` short of linking: for admission, where nothing generated may run. METADATA blocks are
 * comments to it, as they are to Gatekeeper.
 */
export function check(options: CompileOptions): Outcome<Checked> {
  const parsed = parseOptions(options, undefined);
  if (!parsed.ok) return parsed;
  const translated = translate(parsed.value);
  if (!translated.ok) return translated;
  const emitted = translated.value;
  return { ok: true, value: { code: printModule(emitted), builtins: emitted.builtins.map(([name]) => name) } };
}

/** What OPA's checker says of modules that were read already, whether or not this engine can run them. */
export function checkProgram(options: ProgramOptions): Outcome<Program> {
  return checkModules(options.modules, checkOptions(options, builtinsOf(options)));
}

/** A parsed policy to text: Rego to JavaScript. */
export function translate(options: ProgramOptions): Outcome<Emitted> {
  try {
    return translated(options);
  } catch (thrown) {
    if (thrown instanceof OpenVariable) return { ok: false, diagnostics: [thrown.diagnostic] };
    const deep = tooDeep(thrown, options.modules[0]?.package.span);
    if (deep === undefined) throw thrown;
    return { ok: false, diagnostics: [deep] };
  }
}

function translated(options: ProgramOptions): Outcome<Emitted> {
  const builtins = builtinsOf(options);
  const checking = checkOptions(options, builtins);
  const program = checkModules(options.modules, checking);
  if (!program.ok) return program;
  const queries = new Map<string, CheckedQuery>();
  const checkQuery = queryChecker(program.value);
  for (const [name, { body, ...scope }] of Object.entries(options.queries)) {
    const query = checkQuery(body, { ...checking, ...scope });
    if (!query.ok) return query;
    queries.set(name, query.value);
  }
  const checked = { program: program.value, queries };
  const { program: whole, queries: asked } = options.instrument?.(checked.program, checked.queries) ?? checked;
  const planned = plan(whole, asked, (name) => shapeOf(builtins.get(name)), {
    inOrder: options.inOrder ?? false,
  });
  const emitted = emit(planned, {
    plain: options.anyInput !== true,
    ordered: options.print === true,
    repeats: options.instrument === undefined && options.inOrder !== true,
    exhaustive: options.exhaustive ?? false,
    isPure: (name) => isPure(builtins.get(name)),
    isScalar: (name) => isScalar(builtins.get(name)?.signature.result),
  });
  const missing = emitted.builtins.flatMap(([name]) => (canCall(builtins.get(name)) ? [] : [missingBuiltin(name)]));
  return missing.length === 0 ? { ok: true, value: emitted } : { ok: false, diagnostics: missing };
}

function parseOptions(
  { modules: texts, entrypoints, ...others }: CompileOptions,
  annotations: AnnotationReader | undefined,
): Outcome<ProgramOptions> {
  const modules = parseAll(texts, {
    ...(others.capabilities === undefined ? {} : { capabilities: others.capabilities }),
    ...(annotations === undefined ? {} : { annotations }),
  });
  if (!modules.ok) return modules;
  const queries: Record<string, ParsedQuery> = Object.create(null) as Record<string, ParsedQuery>; // as: an object without keys fits
  for (const [name, text] of Object.entries(entrypoints)) {
    const body = parseQuery({ name: "query", text });
    if (!body.ok) return body;
    queries[name] = { body: body.value };
  }
  return { ok: true, value: { ...others, modules: modules.value, queries } };
}

function parseAll(texts: readonly ModuleText[], options: ParserOptions): Outcome<readonly Module[]> {
  const modules: Module[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const { name, text, version } of texts) {
    const parsed = parseModule({ name, text }, { ...options, version: version ?? "v1" });
    if (parsed.ok) modules.push(parsed.value);
    else diagnostics.push(...parsed.diagnostics);
  }
  return diagnostics.length === 0 ? { ok: true, value: modules } : { ok: false, diagnostics };
}

/** A builtin that can be called, or only its signature where this engine has no function for it. */
type Entry = Builtin | { readonly signature: BuiltinSignature };

type BuiltinOptions = Pick<CompileOptions, "capabilities" | "disabledBuiltins" | "builtins">;

function builtinsOf({ capabilities, disabledBuiltins, builtins }: BuiltinOptions): ReadonlyMap<string, Entry> {
  if (capabilities === undefined && disabledBuiltins === undefined && builtins === undefined) return builtinTable;
  const all = new Map<string, Entry>(capabilities === undefined ? builtinTable : declaredIn(capabilities));
  for (const name of disabledBuiltins ?? []) all.delete(name);
  for (const [name, builtin] of Object.entries(builtins ?? {})) all.set(name, builtin);
  return all;
}

/** The builtins of capabilities: with the types that these give them, and the functions that the table has. */
function declaredIn({ builtins }: Capabilities): readonly (readonly [string, Entry])[] {
  return [...builtins].map(([name, signature]) => [name, { ...builtinTable.get(name), signature }]);
}

const tableSignatures = signaturesOf(builtinTable);

function signaturesOf(builtins: ReadonlyMap<string, Entry>): ReadonlyMap<string, BuiltinSignature> {
  return new Map([...builtins].map(([name, { signature }]) => [name, signature]));
}

function checkOptions(options: ProgramOptions, builtins: ReadonlyMap<string, Entry>): CheckOptions {
  return {
    builtins: builtins === builtinTable ? tableSignatures : signaturesOf(builtins),
    strict: options.strict ?? false,
    print: options.print ?? false,
    ...(options.hasData === undefined ? {} : { pathExists: options.hasData }),
    ...(options.errorLimit === undefined ? {} : { errorLimit: options.errorLimit }),
    ...(options.schemas === undefined ? {} : { schemas: options.schemas }),
    ...(options.capabilities === undefined ? {} : { features: options.capabilities.features }),
  };
}

function shapeOf(entry: Entry | undefined): BuiltinShape | undefined {
  if (entry === undefined) return undefined;
  const { args, relation } = entry.signature;
  return { arity: args.length, relation: relation ?? false };
}

function isPure(entry: Entry | undefined): boolean {
  return entry !== undefined && "load" in entry && entry.pure;
}

function isScalar(type: Type | undefined): boolean {
  switch (type?.kind) {
    case "null":
    case "boolean":
    case "number":
    case "string":
      return true;
    case "any":
      return type.of.length > 0 && type.of.every(isScalar);
    default:
      return false;
  }
}

function canCall(entry: Entry | undefined): boolean {
  return entry !== undefined && "load" in entry;
}

function missingBuiltin(name: string): Diagnostic {
  return {
    code: "rego_unsupported_error",
    severity: "error",
    message: `the built-in function ${name} is not there yet`,
    help: "rewrite the policy without it",
  };
}

async function load(
  emitted: Emitted,
  builtins: ReadonlyMap<string, Entry>,
): Promise<Outcome<ReadonlyMap<string, BuiltinFunction>>> {
  const functions = new Map<string, BuiltinFunction>();
  for (const [name] of emitted.builtins) {
    const entry = builtins.get(name);
    if (entry !== undefined && "load" in entry) functions.set(name, await entry.load());
  }
  return { ok: true, value: functions };
}
