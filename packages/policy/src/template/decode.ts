import {
  decodeSchema,
  groupVersionKindOf,
  isJsonArray,
  isJsonObject,
  jsonTypeOf,
  labelsOf,
  nameOf,
  own,
  ownPath,
  type FieldError,
  type JsonObject,
  type JsonValue,
} from "@portcullis/objects";
import { failure, success, type Outcome } from "../problem.ts";
import { addPreserveUnknownFields } from "./legacy-schema.ts";
import { templateVersions, type ConstraintTemplate, type TemplateCode, type TemplateTarget } from "./template.ts";

/** Whether an object is a ConstraintTemplate of any version. */
export function isTemplate(object: unknown): boolean {
  const { group, kind } = groupVersionKindOf(object);
  return group === "templates.gatekeeper.sh" && kind === "ConstraintTemplate";
}

/** Reads a ConstraintTemplate of any version into the one form. */
export function decodeTemplate(object: JsonValue): Outcome<ConstraintTemplate> {
  const { version } = groupVersionKindOf(object);
  if (!isTemplate(object)) return failure("decode", "not a ConstraintTemplate");
  if (!templateVersions.includes(version)) {
    const found = `no kind "ConstraintTemplate" is registered for version "templates.gatekeeper.sh/${version}"`;
    return failure("decode", `${found} in scheme "pkg/runtime/scheme.go:111"`, {
      help: `use one of ${templateVersions.join(", ")}`,
    });
  }
  const read = reader();
  const names = ownPath(object, "spec", "crd", "spec", "names");
  const template = {
    name: nameOf(object),
    labels: labelsOf(object),
    kind: read.text(own(names, "kind"), "spec.crd.spec.names.kind") ?? "",
    shortNames: read.texts(own(names, "shortNames"), "spec.crd.spec.names.shortNames") ?? [],
    targets: read
      .list(ownPath(object, "spec", "targets"), "spec.targets")
      .map((target, at) => decodeTarget(target, `spec.targets[${at}]`, read)),
  };
  const validation = ownPath(object, "spec", "crd", "spec", "validation");
  const legacy = read.flag(own(validation, "legacySchema"), "spec.crd.spec.validation.legacySchema");
  const schemaPath = "spec.crd.spec.validation.openAPIV3Schema";
  const schemaObject = own(validation, "openAPIV3Schema") ?? {};
  const decoded = decodeSchema(schemaObject, schemaPath);
  if (!decoded.ok) read.wrong.push(...decoded.errors.map((error) => schemaText(error, schemaPath)));
  const [wrong] = read.wrong;
  if (wrong !== undefined) return failure("decode", wrong);
  const schema = parametersOf(own(validation, "openAPIV3Schema"), legacy ?? version !== "v1");
  if (!schema.ok) return schema;
  return success(schema.value === undefined ? template : { ...template, parameters: schema.value });
}

function parametersOf(schema: JsonValue | undefined, legacy: boolean): Outcome<JsonValue | undefined> {
  const given = schema === null ? undefined : schema;
  if (!legacy) return success(given);
  const added = addPreserveUnknownFields(given ?? {});
  return added.ok ? success(added.value) : added;
}

function decodeTarget(target: JsonValue, path: string, read: Reader): TemplateTarget {
  const code = read.list(own(target, "code"), `${path}.code`).map((item, at): TemplateCode => {
    return {
      engine: read.text(own(item, "engine"), `${path}.code[${at}].engine`) ?? "",
      source: own(item, "source") ?? null,
    };
  });
  const operations = read.texts(own(target, "operations"), `${path}.operations`);
  return {
    target: read.text(own(target, "target"), `${path}.target`) ?? "",
    code: withLegacyCode(
      code,
      read.text(own(target, "rego"), `${path}.rego`) ?? "",
      read.texts(own(target, "libs"), `${path}.libs`),
    ),
    ...(operations === undefined ? {} : { operations }),
  };
}

/** The fields `rego` and `libs` replace the Rego that `code` may hold as well, and stand last where it holds none. */
function withLegacyCode(
  code: readonly TemplateCode[],
  rego: string,
  libs: readonly string[] | undefined,
): readonly TemplateCode[] {
  if (rego === "") return code;
  const source: JsonObject = { rego, version: "", ...(libs === undefined ? {} : { libs }) };
  const legacy: TemplateCode = { engine: "Rego", source };
  const at = code.findIndex(({ engine }) => engine === "Rego");
  return at === -1 ? [...code, legacy] : code.with(at, legacy);
}

const schemaTypes: ReadonlyMap<string, string> = new Map([
  ["an object", "map[string]v1.JSONSchemaProps"],
  ["an array", "[]v1.JSONSchemaProps"],
  ["a string", "string"],
  ["a boolean", "bool"],
  ["a number", "float64"],
]);

/** What the schema's decoder found, in the words of Go's. */
function schemaText({ path, badValue, detail }: FieldError, root: string): string {
  const want = /^must be (an? \w+),/.exec(detail)?.[1] ?? "";
  const field = path.replaceAll(/\[[^\]]*\]/g, "");
  const type = schemaTypes.get(want);
  if (type === undefined || badValue === undefined) return `${path}: ${detail}`;
  const holder = field === root ? "Validation" : "JSONSchemaProps";
  return `json: cannot unmarshal ${goTypeOf(badValue)} into Go struct field ${holder}.${field} of type ${field === root ? "v1.JSONSchemaProps" : type}`;
}

interface Reader {
  readonly wrong: string[];
  readonly text: (value: JsonValue | undefined, path: string) => string | undefined;
  readonly flag: (value: JsonValue | undefined, path: string) => boolean | undefined;
  readonly list: (value: JsonValue | undefined, path: string) => readonly JsonValue[];
  readonly texts: (value: JsonValue | undefined, path: string) => readonly string[] | undefined;
}

/** Reads fields of one type each; what has another is noted in the words of Go's decoder, and counts as absent. */
function reader(): Reader {
  const wrong: string[] = [];
  const typed = <T extends JsonValue>(
    value: JsonValue | undefined,
    path: string,
    want: string,
    is: (value: JsonValue) => value is T,
  ): T | undefined => {
    if (value === undefined || value === null) return undefined;
    if (is(value)) return value;
    const field = path.replaceAll(/\[\d+\]/g, "");
    wrong.push(
      `json: cannot unmarshal ${goTypeOf(value)} into Go struct field ${structOf(field)}.${field} of type ${want}`,
    );
    return undefined;
  };
  const list = (value: JsonValue | undefined, path: string): readonly JsonValue[] | undefined =>
    typed(value, path, "[]string", isJsonArray);
  return {
    wrong,
    text: (value, path) => typed(value, path, "string", (found) => typeof found === "string"),
    flag: (value, path) => typed(value, path, "bool", (found) => typeof found === "boolean"),
    list: (value, path) => list(value, path) ?? [],
    texts: (value, path) =>
      list(value, path)?.flatMap((item) => {
        const text = typed(item, path, "string", (found) => typeof found === "string");
        return text === undefined ? [] : [text];
      }),
  };
}

/** The Go struct that holds a field; its name is part of the message. */
function structOf(field: string): string {
  if (field.includes(".names.")) return "Names";
  if (field.includes(".openAPIV3Schema.")) return "JSONSchemaProps";
  if (field.includes(".validation.")) return "Validation";
  if (field.includes(".code.")) return "Code";
  return field.startsWith("spec.targets.") ? "Target" : "ConstraintTemplateSpec";
}

function goTypeOf(value: JsonValue): string {
  if (typeof value === "boolean") return "bool";
  if (isJsonObject(value)) return "object";
  const type = jsonTypeOf(value);
  return type === "integer" ? "number" : type;
}
