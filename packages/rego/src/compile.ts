import type { Builtin } from "./builtins/builtin.ts";
import type { Outcome } from "./diagnostics.ts";
import type { Policy } from "./policy.ts";

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
  /** Builtins beside the table's, by name (`external_data`). */
  readonly builtins?: Readonly<Record<string, Builtin>>;
  /** OPA's strict mode: unused variables and imports, shadowing and deprecated builtins are errors. */
  readonly strict?: boolean;
  /** Whether base data exists at a path below `data`, so that a rule there can be refused. */
  readonly hasData?: (path: readonly string[]) => boolean;
  /** Whether `print` is kept; erased when absent. */
  readonly print?: boolean;
}

/** What `check()` found: the policy as text, linked to nothing. */
export interface Checked {
  /** The generated code as a standalone ES module. */
  readonly code: string;
  /** The names of the builtins that it calls. */
  readonly builtins: readonly string[];
}

/** Text to policy: parse, check, plan, emit, link. Asynchronous because a family of builtins may have to be loaded. */
export function compile(options: CompileOptions): Promise<Outcome<Policy>> {
  return Promise.resolve(unfinished(options));
}

/** Everything of `compile()` short of linking: for admission, where nothing generated may run. */
export function check(options: CompileOptions): Outcome<Checked> {
  return unfinished(options);
}

function unfinished(options: CompileOptions): Outcome<never> {
  return {
    ok: false,
    diagnostics: [
      {
        code: "rego_unsupported_error",
        severity: "error",
        message: `the compiler's phases are not joined yet (${options.modules.length} modules)`,
      },
    ],
  };
}
