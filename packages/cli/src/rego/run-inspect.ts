import { positionAt, type Position } from "@portcullis/rego";
import {
  annotationToJson,
  printRef,
  readJSON,
  termToJson,
  type Annotation,
  type Module,
  type Term,
} from "@portcullis/rego/tools";
import type { FlagValues } from "../arguments/flag.ts";
import { CommandError } from "../command-error.ts";
import type { Terminal } from "../terminal.ts";
import { documentJson, List, Struct, type Document } from "./document.ts";
import { formatNamed, ignoredOf, versionOf } from "./flags.ts";
import { load } from "./load.ts";
import { problemsText } from "./report.ts";
import { table } from "./table.ts";

/** Shows packages and annotations; resolves to the exit status. */
export async function runInspect(values: FlagValues, paths: readonly string[], terminal: Terminal): Promise<number> {
  const format = formatNamed(values, ["pretty", "json"]);
  if (paths.length === 0) throw new CommandError("Error: specify at least one path");
  const options = { version: versionOf(values), ignore: ignoredOf(values), onlyModules: true };
  const { modules, problems } = await load(paths, terminal.directory, options);
  if (problems.length > 0) {
    terminal.error(`${problemsText({ problems, during: "loading" })}\n`);
    return 1;
  }
  const namespaces = namespacesOf(modules);
  const noted = values.boolean("annotations") ? modules.flatMap(notesOf) : [];
  terminal.out(format === "json" ? inspectionJson(namespaces, noted) : inspectionText(namespaces, noted));
  return 0;
}

/** An annotation and what it is about. */
interface Note {
  readonly annotation: Annotation;
  readonly file: string;
  readonly position: Position;
  readonly package: string;
  readonly rule: string | undefined;
  readonly path: readonly Term[];
}

type Namespaces = readonly (readonly [name: string, files: readonly string[]])[];

function namespacesOf(modules: readonly Module[]): Namespaces {
  const names = new Map<string, string[]>();
  for (const module of modules) {
    const name = printRef(module.package.path.terms);
    const files = names.get(name) ?? [];
    files.push(module.span.source.name);
    names.set(name, files);
  }
  return [...names].toSorted(([left], [right]) => (left < right ? -1 : 1));
}

function notesOf(module: Module): readonly Note[] {
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

function namesOf([first, ...rest]: readonly Term[]): readonly Term[] {
  return first?.kind === "var" ? [{ kind: "string", value: first.name, span: first.span }, ...rest] : [];
}

function inspectionText(namespaces: Namespaces, notes: readonly Note[]): string {
  const rows = namespaces.flatMap(([name, files]) => files.map((file, at) => [at === 0 ? name : "", file]));
  const texts = notes.map(noteText);
  return `NAMESPACES:\n${table(["NAMESPACE", "FILE"], rows)}${texts.length === 0 ? "" : "ANNOTATIONS:\n"}${texts.join("")}`;
}

function noteText({ annotation, file, position, package: name, rule }: Note): string {
  const { title, description, scope, entrypoint, organizations, authors, relatedResources } = annotation;
  const lines: string[] = [];
  if (title !== undefined) lines.push(title, "=".repeat(title.length), "");
  if (description !== undefined) lines.push(description, "");
  lines.push(`Package:  ${name}`);
  if (rule !== undefined) lines.push(`Rule:     ${rule}`);
  lines.push(`Location: ${file}:${position.row}`, `Scope: ${scope}`);
  if (entrypoint === true) lines.push("Entrypoint: true");
  lines.push("");
  const listed = (heading: string, items: readonly string[] | undefined): void => {
    if (items !== undefined && items.length > 0) lines.push(`${heading}:`, ...items.map((item) => ` ${item}`), "");
  };
  listed("Organizations", organizations);
  listed(
    "Authors",
    authors?.map(({ name: author, email }) => (email === undefined ? author : `${author} <${email}>`)),
  );
  listed(
    "Related Resources",
    relatedResources?.map(({ ref, description: words }) => (words === undefined ? ref : `${ref} ${words}`)),
  );
  return lines.map((line) => `${line}\n`).join("");
}

function inspectionJson(namespaces: Namespaces, notes: readonly Note[]): string {
  const document = new Struct([
    ["namespaces", new Struct(namespaces.map(([name, files]) => [name, [...files]]))],
    ["annotations", notes.length === 0 ? undefined : new List(notes.map(noteDocument))],
  ]);
  return `${documentJson(document)}\n`;
}

function noteDocument({ annotation, file, position, path }: Note): Struct {
  const printed = annotationToJson(
    annotation,
    undefined,
    ({ terms }) => `[${terms.map((term) => termToJson(term)).join(",")}]`,
  );
  return new Struct([
    ["annotations", valueOf(printed)],
    [
      "location",
      new Struct([
        ["file", file],
        ["row", position.row],
        ["col", position.column],
      ]),
    ],
    ["path", valueOf(`[${path.map((term) => termToJson(term)).join(",")}]`)],
  ]);
}

/** JSON that this program wrote, as a document. */
function valueOf(json: string): Document {
  const read = readJSON(json);
  if ("error" in read) throw new Error(`not JSON: ${json}`);
  return read.value;
}
