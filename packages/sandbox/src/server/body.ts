import type { IncomingMessage } from "node:http";
import { quoteGo, readJson, writeJson, type JsonValue } from "@portcullis/objects";
import { getOwn, isFields, cloneJson, type Draft, type Fields } from "../storage/api-object.ts";
import { json } from "../kinds/fields-at.ts";
import { protobufType, readProtobuf } from "../kinds/protobuf.ts";
import type { SchemaCatalogue, SchemaNode } from "../kinds/schema-node.ts";
import { settleTypes, type TypedFields } from "../apply/typed-fields.ts";
import type { RequestContext } from "./context.ts";
import { duplicateFields } from "./duplicate-fields.ts";
import { apiVersionOf, type Target } from "./kind-table.ts";
import { bodyTypes, mediaType } from "./media.ts";
import { badRequest, tooLarge, unsupportedMediaType } from "./refusals.ts";

// What the API server takes: 3 MiB, since etcd takes half of that.
const largestBody = 3 * 1024 * 1024;

/** Reads a request's body as text; what comes in protobuf is given as the JSON it stands for. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    // A request without an encoding set gives buffers.
    const buffer = chunk as Buffer;
    size += buffer.length;
    if (size > largestBody) throw tooLarge(`limit is ${largestBody}`);
    chunks.push(buffer);
  }
  const body = Buffer.concat(chunks);
  return mediaType(request.headers["content-type"]) === protobufType ? fromProtobuf(body) : body.toString("utf8");
}

function fromProtobuf(body: Buffer): string {
  if (body.length === 0) return "";
  const reading = readProtobuf(body);
  if (!reading.ok) throw badRequest(reading.message);
  return writeJson(json(reading.value));
}

/** A body as data, with what is wrong with it as text (fields named twice). */
export interface Decoded {
  readonly value: JsonValue;
  readonly duplicates: readonly string[];
}

/** Decodes a body by its media type; JSON where none is said. */
export async function decodeBody(text: string, contentType: string | undefined): Promise<Decoded> {
  const type = mediaType(contentType);
  if (type === "" || type === "application/json" || type === protobufType || type.endsWith("+json"))
    return decodeJson(text);
  if (type === "application/yaml" || type.endsWith("+yaml") || type === "text/yaml") return decodeYaml(text);
  throw unsupportedMediaType(bodyTypes);
}

function decodeJson(text: string): Decoded {
  const reading = readJson(text);
  if (!reading.ok) throw badRequest(`the object provided is unrecognized: ${reading.message} (${summary(text)})`);
  return { value: reading.value, duplicates: duplicateFields(text) };
}

async function decodeYaml(text: string): Promise<Decoded> {
  if (/^\s*[{[]/.test(text) && readJson(text).ok) return decodeJson(text);
  // Few requests bring YAML, and its parser takes longer to load than the rest of the server.
  const { readYaml } = await import("@portcullis/objects/yaml");
  const reading = readYaml(text, "body");
  const problem = reading.diagnostics.find(({ severity }) => severity === "error");
  if (problem !== undefined) {
    throw badRequest(`error converting YAML to JSON: yaml: line ${problem.position.line}: ${problem.message}`);
  }
  return { value: reading.documents[0]?.value ?? null, duplicates: [] };
}

function summary(text: string): string {
  return quoteGo(text.length > 30 ? `${text.slice(0, 30)} ...` : text);
}

/** Reads an object that is to be of the target's kind. */
export function readObject(target: Target, value: unknown): Draft {
  const kind = getOwn(value, "kind");
  const apiVersion = getOwn(value, "apiVersion");
  const expected = apiVersionOf(target.kind.group, target.version.name);
  if (!isFields(value)) {
    throw badRequest(`the object provided is unrecognized (must be of type ${target.kind.kind})`);
  }
  // A typed decoder knows what it is to read; only custom objects must say it themselves.
  const isTyped = target.kind.origin !== "custom";
  if (isTyped && (kind === undefined || kind === "")) {
    const named: Fields = { ...value, kind: target.kind.kind, apiVersion: apiVersion ?? expected };
    return readObject(target, named);
  }
  if (isTyped && kind === target.kind.kind && (apiVersion === undefined || apiVersion === "")) {
    return readObject(target, { ...value, apiVersion: expected });
  }
  if (typeof kind !== "string" || kind === "") {
    throw badRequest(
      `the object provided is unrecognized (must be of type ${target.kind.kind}): Object 'Kind' is missing in '${summaryOf(value)}'`,
    );
  }
  if (kind !== target.kind.kind) {
    throw badRequest(
      `${kind} in version ${quoteGo(versionPart(apiVersion))} cannot be handled as a ${target.kind.kind}: converting (${versionPart(apiVersion)}.${kind}) to (${internalPackage(target)}.${target.kind.kind}): unknown conversion`,
    );
  }
  if (apiVersion !== expected) {
    if (isTyped && typeof apiVersion === "string" && !speaks(target, apiVersion)) {
      throw badRequest(
        `${kind} in version ${quoteGo(versionPart(apiVersion))} cannot be handled as a ${kind}: no kind ${quoteGo(kind)} is registered for version ${quoteGo(apiVersion)} in scheme "pkg/runtime/scheme.go:111"`,
      );
    }
    throw badRequest(
      `the API version in the data (${String(apiVersion ?? "")}) does not match the expected API version (${expected})`,
    );
  }
  return readMetadata(cloneJson(value), target);
}

/** Whether the kind is there under this API version, though another was asked for. */
function speaks({ kind }: Target, apiVersion: string): boolean {
  return kind.versions.some(({ name }) => apiVersionOf(kind.group, name) === apiVersion);
}

/** What the server's own package of a group is called, which its errors name. */
function internalPackage({ kind }: Target): string {
  return kind.group === "" ? "core" : (kind.group.split(".")[0] ?? "");
}

function versionPart(apiVersion: unknown): string {
  return typeof apiVersion === "string" ? apiVersion.slice(apiVersion.indexOf("/") + 1) : "";
}

function summaryOf(value: Fields): string {
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === "bigint" ? String(item) : item)).slice(0, 60);
}

const textMembers = ["name", "generateName", "namespace", "uid", "resourceVersion", "selfLink"];
const mapMembers = ["labels", "annotations"];
const listMembers = ["finalizers", "ownerReferences", "managedFields"];

/** Makes sure that metadata has the types the rest relies on. */
export function readMetadata(object: Fields, target: Target): Draft {
  const given = getOwn(object, "metadata");
  const metadata = given === undefined || given === null ? {} : given;
  const wrong = (field: string, type: string): Error =>
    badRequest(
      `${target.kind.kind} in version ${quoteGo(target.version.name)} cannot be handled as a ${target.kind.kind}: json: cannot unmarshal into Go struct field ObjectMeta.${field} of type ${type}`,
    );
  if (!isFields(metadata)) throw wrong("metadata", "v1.ObjectMeta");
  object["metadata"] = metadata;
  for (const name of Object.keys(metadata)) if (metadata[name] === null) delete metadata[name];
  for (const name of textMembers) {
    if (!isAbsentOr(metadata, name, "string")) throw wrong(`metadata.${name}`, "string");
  }
  for (const name of mapMembers) {
    const map = getOwn(metadata, name);
    if (map === undefined) continue;
    if (!isFields(map)) throw wrong(`metadata.${name}`, "map[string]string");
    for (const value of Object.values(map)) {
      if (value !== null && typeof value !== "string") throw wrong(`metadata.${name}`, "string");
    }
  }
  for (const name of listMembers) {
    const list = getOwn(metadata, name);
    if (list !== undefined && !Array.isArray(list)) throw wrong(`metadata.${name}`, "list");
  }
  // The loops above have established what Draft says of metadata.
  return object as unknown as Draft;
}

function isAbsentOr(metadata: Fields, name: string, type: string): boolean {
  const value = getOwn(metadata, name);
  return value === undefined || typeof value === type;
}

/** Deals with fields that nobody knows and with those named twice, as the request's field validation says. */
export function checkFields(
  catalogue: SchemaCatalogue,
  context: RequestContext,
  target: Target,
  draft: Draft,
  duplicates: readonly string[],
): void {
  const { unknown, wrong } = settle(catalogue, target, draft);
  const refuse = (text: string): Error =>
    badRequest(
      `${target.kind.kind} in version ${quoteGo(target.version.name)} cannot be handled as a ${target.kind.kind}: ${text}`,
    );
  const [firstWrong] = wrong;
  if (firstWrong !== undefined) throw refuse(firstWrong);
  if (context.fieldValidation === "Ignore") return;
  const texts = [
    ...unknown.map((path) => `unknown field ${quoteGo(path)}`),
    ...duplicates.map((path) => `duplicate field ${quoteGo(path)}`),
  ];
  if (texts.length === 0) return;
  if (context.fieldValidation === "Warn") for (const text of texts) context.warnings.add(text);
  else throw refuse(`strict decoding error: ${texts.join(", ")}`);
}

// What every object has, whatever its own schema says.
const anyObject: SchemaNode = {
  type: "object",
  properties: { metadata: { $ref: "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta" } },
  additionalProperties: true,
};

function settle(catalogue: SchemaCatalogue, target: Target, draft: Draft): TypedFields {
  const { version } = target;
  const settled = settleTypes(
    catalogue,
    (version.prune === undefined ? version.schema : undefined) ?? anyObject,
    draft,
  );
  return version.prune === undefined ? settled : { ...settled, unknown: [...settled.unknown, ...version.prune(draft)] };
}
