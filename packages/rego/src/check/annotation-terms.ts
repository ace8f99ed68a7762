/** Annotations as values of the language: what `rego.metadata.rule()` answers. */
import type { Span } from "../source.ts";
import type { Annotation, AnnotationSchema, RefTerm, Term } from "../syntax/ast.ts";
import type { AnnotationLink } from "./annotations.ts";
import { printTerm } from "../syntax/print.ts";

type Entry = readonly [Term, Term];

/** Makes terms at one place. */
export class AnnotationTerms {
  readonly #span: Span;

  constructor(span: Span) {
    this.#span = span;
  }

  #string(value: string): Term {
    return { kind: "string", span: this.#span, value };
  }

  #array(items: readonly Term[]): Term {
    return { kind: "array", span: this.#span, items };
  }

  #object(entries: readonly (Entry | undefined)[]): Term {
    return {
      kind: "object",
      span: this.#span,
      entries: entries.filter((entry) => entry !== undefined),
    };
  }

  #text(name: string, value: string | undefined): Entry | undefined {
    return value === undefined || value === "" ? undefined : [this.#string(name), this.#string(value)];
  }

  #list<T>(name: string, items: readonly T[] | undefined, term: (item: T) => Term): Entry | undefined {
    if (items === undefined || items.length === 0) return undefined;
    return [this.#string(name), this.#array(items.map(term))];
  }

  #path(terms: readonly Term[]): Term {
    return this.#array(terms.map((term) => this.#string(term.kind === "string" ? term.value : printTerm(term))));
  }

  #data(value: unknown): Term {
    if (typeof value === "string") return this.#string(value);
    if (typeof value === "boolean") return { kind: "boolean", span: this.#span, value };
    if (typeof value === "number" || typeof value === "bigint") {
      return { kind: "number", span: this.#span, text: String(value) };
    }
    if (Array.isArray(value)) return this.#array(value.map((item: unknown) => this.#data(item)));
    if (typeof value === "object" && value !== null) {
      const entries = Object.entries(value).map(([key, item]): Entry => [this.#string(key), this.#data(item)]);
      return this.#object(entries);
    }
    return { kind: "null", span: this.#span };
  }

  #record(name: string, value: Readonly<Record<string, unknown>> | undefined): Entry | undefined {
    return value === undefined || Object.keys(value).length === 0 ? undefined : [this.#string(name), this.#data(value)];
  }

  #schema({ path, schema, definition }: AnnotationSchema): Term {
    const ref = (name: string, value: RefTerm | undefined): Entry | undefined =>
      value === undefined ? undefined : [this.#string(name), this.#path(value.terms)];
    return this.#object([
      ref("path", path),
      ref("schema", schema),
      definition === undefined ? undefined : [this.#string("definition"), this.#data(definition)],
    ]);
  }

  /** One annotation; an empty object where there is none. */
  annotation(annotation: Annotation | undefined): Term {
    if (annotation === undefined) return this.#object([]);
    const isEntrypoint = annotation.entrypoint === true;
    return this.#object([
      this.#text("scope", annotation.scope),
      this.#text("title", annotation.title),
      isEntrypoint ? [this.#string("entrypoint"), this.#data(true)] : undefined,
      this.#text("description", annotation.description),
      this.#list("organizations", annotation.organizations, (name) => this.#string(name)),
      this.#list("related_resources", annotation.relatedResources, ({ ref, description }) =>
        this.#object([this.#text("ref", ref), this.#text("description", description)]),
      ),
      this.#list("authors", annotation.authors, ({ name, email }) =>
        this.#object([this.#text("name", name), this.#text("email", email)]),
      ),
      this.#list("schemas", annotation.schemas, (schema) => this.#schema(schema)),
      this.#record("custom", annotation.custom),
      this.#record("labels", annotation.labels),
    ]);
  }

  /** A chain of them with their paths. */
  chain(links: readonly AnnotationLink[]): Term {
    const items = links.map(({ path, annotation }) =>
      this.#object([
        [this.#string("path"), this.#path(path.slice(1))],
        annotation === undefined ? undefined : [this.#string("annotations"), this.annotation(annotation)],
      ]),
    );
    return this.#array(items);
  }
}
