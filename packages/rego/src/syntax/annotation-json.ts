import type { Annotation, RefTerm } from "./ast.ts";
import { jsonArray, jsonObject, jsonString } from "./json-text.ts";

/** An annotation as OPA's JSON: its fields in the order of their names. `ref` writes a reference's terms. */
export function annotationToJson(
  annotation: Annotation,
  location: string | undefined,
  ref: (ref: RefTerm) => string,
): string {
  const { authors, compile, custom, labels, relatedResources, schemas, organizations } = annotation;
  return jsonObject([
    ["authors", authors === undefined ? undefined : jsonArray(authors.map(authorToJson))],
    [
      "compile",
      compile === undefined
        ? undefined
        : jsonObject([
            ["unknowns", compile.unknowns === undefined ? undefined : jsonArray(compile.unknowns.map(ref))],
            ["mask_rule", compile.maskRule === undefined ? undefined : ref(compile.maskRule)],
          ]),
    ],
    ["custom", custom === undefined ? undefined : dataToJson(custom)],
    ["description", optionalString(annotation.description)],
    ["entrypoint", annotation.entrypoint === true ? "true" : undefined],
    ["labels", labels === undefined ? undefined : dataToJson(labels)],
    ["location", location],
    ["organizations", organizations === undefined ? undefined : jsonArray(organizations.map(jsonString))],
    [
      "related_resources",
      relatedResources === undefined
        ? undefined
        : jsonArray(
            relatedResources.map((resource) =>
              jsonObject([
                ["description", optionalString(resource.description)],
                ["ref", jsonString(resource.ref)],
              ]),
            ),
          ),
    ],
    [
      "schemas",
      schemas === undefined
        ? undefined
        : jsonArray(
            schemas.map((schema) =>
              jsonObject([
                ["path", ref(schema.path)],
                ["schema", schema.schema === undefined ? undefined : ref(schema.schema)],
                ["definition", schema.definition === undefined ? undefined : dataToJson(schema.definition)],
              ]),
            ),
          ),
    ],
    ["scope", jsonString(annotation.scope)],
    ["title", optionalString(annotation.title)],
  ]);
}

function optionalString(text: string | undefined): string | undefined {
  return text === undefined ? undefined : jsonString(text);
}

function authorToJson({ name, email }: NonNullable<Annotation["authors"]>[number]): string {
  return jsonObject([
    ["name", jsonString(name)],
    ["email", optionalString(email)],
  ]);
}

/** What YAML holds (of `custom`, of a schema) as Go writes it: keys in order. */
export function dataToJson(value: unknown): string {
  if (typeof value === "string") return jsonString(value);
  if (typeof value === "object" && value !== null) {
    if (Array.isArray(value)) return jsonArray(value.map(dataToJson));
    const entries = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1));
    return jsonObject(entries.map(([key, item]): [string, string] => [key, dataToJson(item)]));
  }
  if (typeof value === "number" && !Number.isFinite(value)) return "null";
  return value === undefined ? "null" : String(value);
}

/** The text of a block as OPA writes it: a `#` and a space before each line. */
export function annotationText({ span }: Pick<Annotation, "span">): string {
  const [, ...lines] = span.source.text.slice(span.start, span.end).split("\n");
  const written = lines.map((line) => `# ${line.replace(/\r+$/, "").replace(/^#? ?/, "")}`);
  return ["# METADATA", ...written].join("\n");
}
