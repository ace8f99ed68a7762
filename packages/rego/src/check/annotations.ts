/** Which annotations are for which rule, document and package. */
import type { Diagnostic } from "../diagnostics.ts";
import type { Annotation, Term } from "../syntax/ast.ts";
import { problem, rowOf, rulePath, type WorkModule, type WorkRule } from "./compilation.ts";
import { groundPrefix } from "./constants.ts";
import { termKey } from "./term-key.ts";

/** An annotation, or the bare fact that something is there, with its path. */
export interface AnnotationLink {
  readonly path: readonly Term[];
  readonly annotation?: Annotation;
}

function keyOf(path: readonly Term[]): string {
  return path.map(termKey).join(".");
}

/** The annotations of all modules, by what they are for. */
export class AnnotationSet {
  readonly #byRule = new Map<WorkRule, Annotation[]>();
  readonly #byPackage = new Map<string, Annotation>();
  /** Those of documents, and those of packages with all below them. */
  readonly #byPath = new Map<string, Annotation>();
  readonly errors: Diagnostic[] = [];

  constructor(modules: readonly WorkModule[]) {
    for (const module of modules) {
      if (module.source.annotations.length > 0) this.#addModule(module);
    }
  }

  #addModule(module: WorkModule): void {
    const rules = module.rules
      .map((rule) => ({ rule, row: rowOf(rule.source.span) }))
      .toSorted((a, b) => a.row - b.row);
    for (const annotation of module.source.annotations) {
      const row = rowOf(annotation.span);
      const below = rules.find((candidate) => candidate.row > row)?.rule;
      switch (annotation.scope) {
        case "rule":
          if (below !== undefined) this.#addTo(below, annotation);
          break;
        case "document":
          if (below !== undefined) this.#addOnce(this.#byPath, groundPrefix(rulePath(below)), annotation);
          break;
        case "package":
          this.#addOnce(this.#byPackage, module.path.terms, annotation);
          break;
        case "subpackages":
          this.#addOnce(this.#byPath, module.path.terms, annotation);
          break;
      }
    }
  }

  #addTo(rule: WorkRule, annotation: Annotation): void {
    const known = this.#byRule.get(rule);
    if (known === undefined) this.#byRule.set(rule, [annotation]);
    else known.push(annotation);
  }

  #addOnce(map: Map<string, Annotation>, path: readonly Term[], annotation: Annotation): void {
    const key = keyOf(path);
    const earlier = map.get(key);
    if (earlier === undefined) {
      map.set(key, annotation);
      return;
    }
    const { span } = earlier;
    const message = `${annotation.scope} annotation redeclared: ${span.source.name}:${rowOf(span)}`;
    this.errors.push(problem("rego_type_error", annotation.span, message));
  }

  /** Those of a rule itself, in the order of the text. */
  ofRule(rule: WorkRule): readonly Annotation[] {
    return this.#byRule.get(rule) ?? [];
  }

  #above(rule: WorkRule): readonly AnnotationLink[] {
    const { terms } = rule.module.path;
    const links: AnnotationLink[] = [];
    for (let length = 1; length <= terms.length; length += 1) {
      const path = terms.slice(0, length);
      const annotation = this.#byPath.get(keyOf(path));
      if (annotation !== undefined) links.push({ path, annotation });
    }
    return links;
  }

  #around(rule: WorkRule): {
    readonly above: readonly AnnotationLink[];
    readonly own: AnnotationLink | undefined;
    readonly document: AnnotationLink | undefined;
  } {
    const { terms } = rule.module.path;
    const own = this.#byPackage.get(keyOf(terms));
    const path = groundPrefix(rulePath(rule));
    const document = this.#byPath.get(keyOf(path));
    return {
      above: this.#above(rule),
      own: own === undefined ? undefined : { path: terms, annotation: own },
      document: document === undefined ? undefined : { path, annotation: document },
    };
  }

  /** From the rule outwards: its own, the document's, the package's, the packages' above. There is at least one. */
  chain(rule: WorkRule): readonly AnnotationLink[] {
    const path = groundPrefix(rulePath(rule));
    const own = this.ofRule(rule).map((annotation) => ({ path, annotation }));
    const { above, own: ofPackage, document } = this.#around(rule);
    return [
      ...(own.length === 0 ? [{ path }] : own.toReversed()),
      ...(document === undefined ? [] : [document]),
      ...(ofPackage === undefined ? [] : [ofPackage]),
      ...above.toReversed(),
    ];
  }

  /** All that are for a rule, outermost first. */
  inwards(rule: WorkRule): readonly Annotation[] {
    const { above, own, document } = this.#around(rule);
    const links = [...above, ...(own === undefined ? [] : [own]), ...(document === undefined ? [] : [document])];
    const found: Annotation[] = [];
    for (const { annotation } of links) if (annotation !== undefined) found.push(annotation);
    return [...found, ...this.ofRule(rule)];
  }
}
