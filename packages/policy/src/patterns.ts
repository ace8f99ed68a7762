import { platformPatterns, type PatternCompiler, type Schema } from "@portcullis/objects";
import { loadRegexCompiler } from "@portcullis/rego";

/** The patterns of our own schemas, which the platform's engine runs in linear time. */
const ownPatterns = new Set(["^\\*?[-:a-z0-9]*\\*?$"]);

/** More patterns than the schemas in force have; beyond them the compiled ones are dropped and made anew. */
const most = 1000;

/**
 * Compiles the patterns of schemas that users write, in RE2's syntax and with its answers.
 *
 * The engine for them is loaded when the first such pattern comes into force, since most installations have none. Until
 * then a pattern is neither refused nor held against anything: `load` first where the answer counts.
 */
export class Patterns {
  #regex: PatternCompiler | undefined;
  #loading: Promise<void> | undefined;
  readonly #compiled = new Map<string, ReturnType<PatternCompiler>>();

  /** Makes the engine ready. */
  load(): Promise<void> {
    this.#loading ??= loadRegexCompiler().then((compiler) => {
      this.#compiled.clear();
      this.#regex = compiler;
    });
    return this.#loading;
  }

  /** Compiles one pattern. */
  readonly compile: PatternCompiler = (pattern) => {
    const found = this.#compiled.get(pattern);
    if (found !== undefined) return found;
    if (this.#compiled.size >= most) this.#compiled.clear();
    const compiled = this.#compileNew(pattern);
    this.#compiled.set(pattern, compiled);
    return compiled;
  };

  #compileNew(pattern: string): ReturnType<PatternCompiler> {
    if (ownPatterns.has(pattern)) return platformPatterns(pattern);
    if (this.#regex !== undefined) return this.#regex(pattern);
    // Asked before it was loaded: the next one to ask is answered.
    void this.load();
    return { ok: true, test: () => true };
  }
}

/** Whether a schema uses patterns that a user wrote. */
export function usesPatterns(schema: Schema): boolean {
  if (schema.pattern !== "" && !ownPatterns.has(schema.pattern)) return true;
  const { items, additionalProperties, not } = schema;
  for (const property of schema.properties.values()) if (usesPatterns(property)) return true;
  for (const part of [items, additionalProperties?.schema, not])
    if (part !== undefined && usesPatterns(part)) return true;
  return [...schema.allOf, ...schema.anyOf, ...schema.oneOf].some(usesPatterns);
}
