import {
  groupVersionKindOf,
  isJsonArray,
  isJsonObject,
  jsonTypeOf,
  labelsOf,
  nameOf,
  own,
  ownPath,
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
  if (!isTemplate(object)) return failure("template", "not a ConstraintTemplate");
  if (!templateVersions.includes(version)) {
    return failure("template", `no kind "ConstraintTemplate" is registered for version "${version}" in the API group`);
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
  const [wrong] = read.wrong;
  if (wrong !== undefined) return failure("template", wrong);
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
    wrong.push(
      `json: cannot unmarshal ${goTypeOf(value)} into Go struct field ConstraintTemplate.${path} of type ${want}`,
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

function goTypeOf(value: JsonValue): string {
  if (typeof value === "boolean") return "bool";
  if (isJsonObject(value)) return "object";
  const type = jsonTypeOf(value);
  return type === "integer" ? "number" : type;
}
