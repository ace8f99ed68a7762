/** Annotations and what they are about, as opa inspect lists them. */
import { positionAt, type Position } from "@portcullis/rego";
import {
  annotationToJson,
  dataToJson,
  printRef,
  termToJson,
  type Annotation,
  type Module,
  type Term,
} from "@portcullis/rego/tools";

/** An annotation and what it is about. */
export interface Note {
  readonly annotation: Annotation;
  readonly file: string;
  readonly position: Position;
  readonly package: string;
  readonly rule: string | undefined;
  readonly path: readonly Term[];
}

/** What stands on one line of text; longer ones are cut. */
const lineWidth = 80;

/** The annotations of modules, by what they are about. */
export function notesOf(modules: readonly Module[]): readonly Note[] {
  const notes = modules.flatMap(notesOfModule).map((note) => ({ note, key: pathKey(note) }));
  return notes
    .toSorted((left, right) => Number(left.key > right.key) - Number(left.key < right.key))
    .map(({ note }) => note);
}

/** Names below one another come behind the name that they are below. */
function pathKey({ path }: Note): string {
  return path.map((term) => (term.kind === "string" ? term.value : "")).join("\u0000");
}

function notesOfModule(module: Module): readonly Note[] {
  const { source } = module.span;
  const rules = module.rules.toSorted((left, right) => left.span.start - right.span.start);
  return module.annotations.flatMap((annotation): readonly Note[] => {
    const isPackage = annotation.target === "package";
    const rule = isPackage ? undefined : rules.find(({ span }) => span.start >= annotation.span.end);
    const target = rule ?? (isPackage ? module.package : undefined);
    if (target === undefined) return [];
    const { terms } = module.package.path;
    return [
      {
        annotation,
        file: source.name,
        position: positionAt(source, target.span.start),
        package: printRef(terms).replace(/^data\./, ""),
        rule: rule === undefined ? undefined : printRef(rule.head.ref.terms),
        path: rule === undefined ? terms : [...terms, ...namesOf(rule.head.ref.terms)],
      },
    ];
  });
}

/** The path of a rule in its package, up to the first variable. */
function namesOf([first, ...rest]: readonly Term[]): readonly Term[] {
  if (first?.kind !== "var") return [];
  const end = rest.findIndex(({ kind }) => !["string", "number", "boolean"].includes(kind));
  return [{ kind: "string", value: first.name, span: first.span }, ...rest.slice(0, end < 0 ? undefined : end)];
}

/** An annotation for people. */
export function noteText({ annotation, file, position, package: name, rule, path }: Note): string {
  const { description, scope, entrypoint, organizations, authors, relatedResources, custom, schemas } = annotation;
  const title = annotation.title?.trim() || printRef(path).replace(/^data\.?/, "");
  const lines = [title, "=".repeat(Math.min(title.length, lineWidth)), ""];
  if (description !== undefined && description !== "") lines.push(description, "");
  lines.push(`Package:  ${name}`);
  if (rule !== undefined) lines.push(`Rule:     ${rule}`);
  lines.push(`Location: ${file}:${position.row}`, `Scope: ${scope}`);
  if (entrypoint === true) lines.push("Entrypoint: true");
  lines.push("");
  const listed = (heading: string, separator: string, items: readonly (readonly [string, string?])[] = []): void => {
    if (items.length > 0) lines.push(`${heading}:`, ...listOf(items, separator), "");
  };
  const line = (text: string): string => text.replaceAll("\n", " ");
  listed(
    "Organizations",
    "",
    organizations?.map((text) => [line(text)]),
  );
  listed(
    "Authors",
    "",
    authors?.map(({ name: author, email }) => [line(email === undefined ? author : `${author} <${email}>`)]),
  );
  listed(
    "Schemas",
    ": ",
    schemas?.map(({ path: at, schema, definition }) => [
      printRef(at.terms),
      schema === undefined ? dataToJson(definition) : printRef(schema.terms),
    ]),
  );
  listed(
    "Related Resources",
    " ",
    relatedResources?.map(({ ref, description: words = "" }) => [line(ref), words]),
  );
  listed(
    "Custom",
    ": ",
    Object.entries(custom ?? {})
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, value]) => [key, dataToJson(value)]),
  );
  return lines.map((text) => `${text}\n`).join("");
}

/** Keys one below the other, their values in one column. */
function listOf(items: readonly (readonly [string, string?])[], separator: string): readonly string[] {
  const width = Math.max(...items.map(([key]) => key.length));
  return items.map(([key, value = ""]) => {
    const text = value === "" ? ` ${key}` : ` ${key}${separator}${" ".repeat(width - key.length)}${value}`;
    return text.length < lineWidth ? text : `${text.slice(0, lineWidth - 3)}...`;
  });
}

/** An annotation for programs, as JSON of one line. */
export function noteJson({ annotation, file, position, path }: Note): string {
  const ref = (terms: readonly Term[]): string => `[${terms.map((term) => termToJson(term)).join(",")}]`;
  const { row, column } = position;
  const location = `{"file":${JSON.stringify(file)},"row":${row},"col":${column}}`;
  const printed = annotationToJson(annotation, undefined, ({ terms }) => ref(terms));
  return `{"annotations":${printed},"location":${location},"path":${ref(path)}}`;
}
