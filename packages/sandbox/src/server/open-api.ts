import type { Kind, KindVersion } from "../kinds/kind.ts";
import type { SchemaCatalogue, SchemaNode } from "../kinds/schema-node.ts";
import type { Fields } from "../storage/api-object.ts";
import { apiVersionOf, type KindTable } from "./kind-table.ts";

/** The title that stands in the documents, as a cluster's. */
const info = { title: "Kubernetes", version: "v1.33.4" };

/** Where OpenAPI v3 keeps its schemas, and v2. */
const prefixes = { v3: "#/components/schemas/", v2: "#/definitions/" } as const;

interface Served {
  readonly kind: Kind;
  readonly version: KindVersion;
}

function servedIn(kinds: KindTable, group: string, version?: string): readonly Served[] {
  return (kinds.groups().get(group) ?? []).flatMap((kind) =>
    kind.versions
      .filter((candidate) => candidate.served && (version === undefined || candidate.name === version))
      .map((candidate) => ({ kind, version: candidate })),
  );
}

/** The index at `/openapi/v3`: a document for each group and version. `hash` names the state of the table. */
export function openApiIndex(kinds: KindTable, hash: string): Fields {
  const paths: Record<string, Fields> = {};
  for (const group of kinds.groups().keys()) {
    for (const { version } of servedIn(kinds, group)) {
      const path = group === "" ? `api/${version.name}` : `apis/${group}/${version.name}`;
      paths[path] = { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` };
    }
  }
  return { paths };
}

/** The document of one group and version, or undefined where nothing is served. */
export function openApiV3(
  kinds: KindTable,
  catalogue: SchemaCatalogue,
  group: string,
  version: string,
): Fields | undefined {
  const served = servedIn(kinds, group, version);
  if (served.length === 0) return undefined;
  return {
    openapi: "3.0.0",
    info,
    paths: Object.assign({}, ...served.map((each) => pathsOf(each, "v3"))),
    components: { schemas: definitionsOf(served, catalogue, "v3") },
  };
}

/** The one document of OpenAPI v2. */
export function openApiV2(kinds: KindTable, catalogue: SchemaCatalogue): Fields {
  const served = [...kinds.groups().keys()].flatMap((group) => servedIn(kinds, group));
  return {
    swagger: "2.0",
    info,
    paths: Object.assign({}, ...served.map((each) => pathsOf(each, "v2"))),
    definitions: definitionsOf(served, catalogue, "v2"),
  };
}

/** The published name of a kind's schema; kinds of CRDs are named by their group turned round. */
function definitionName({ kind, version }: Served): string {
  const reference = version.schema?.$ref;
  if (reference !== undefined) return reference;
  return `${kind.group.split(".").toReversed().join(".")}.${version.name}.${kind.kind}`;
}

function definitionsOf(
  served: readonly Served[],
  catalogue: SchemaCatalogue,
  dialect: "v2" | "v3",
): Readonly<Record<string, unknown>> {
  const result: Record<string, unknown> = {};
  const wanted: string[] = [];
  const visit = (node: unknown): unknown => rewritten(node, dialect, wanted);
  for (const each of served) {
    const name = definitionName(each);
    const schema = each.version.schema ?? { type: "object", "x-kubernetes-preserve-unknown-fields": true };
    const node = schema.$ref === undefined ? schema : catalogue.described(schema.$ref);
    const gvk = { group: each.kind.group, kind: each.kind.kind, version: each.version.name };
    const own = visit(withMetadata(node ?? {}, each));
    result[name] = { ...asFields(own), "x-kubernetes-group-version-kind": [gvk] };
    const list = `${name}List`;
    result[list] = listDefinition(name, each, visit);
  }
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    if (Object.hasOwn(result, name)) continue;
    result[name] = visit(catalogue.described(name) ?? { type: "object" });
  }
  return result;
}

function asFields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/** CRDs' schemas say nothing of the three fields that every object has: the server adds them. */
function withMetadata(node: SchemaNode, { kind }: Served): SchemaNode {
  if (kind.origin === "builtin") return node;
  return {
    type: "object",
    ...node,
    properties: {
      apiVersion: {
        type: "string",
        description:
          "APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources",
      },
      kind: {
        type: "string",
        description:
          "Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds",
      },
      ...node.properties,
      metadata: {
        $ref: "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta",
        description:
          "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
      },
    },
  };
}

function listDefinition(name: string, { kind, version }: Served, visit: (node: unknown) => unknown): unknown {
  const list: SchemaNode = {
    type: "object",
    required: ["items"],
    properties: {
      apiVersion: { type: "string" },
      kind: { type: "string" },
      items: { type: "array", items: { $ref: name } },
      metadata: { $ref: "io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta" },
    },
  };
  const gvk = { group: kind.group, kind: kind.listKind ?? `${kind.kind}List`, version: version.name };
  return { ...asFields(visit(list)), "x-kubernetes-group-version-kind": [gvk] };
}

/** A node with references in the dialect's form; what it refers to is noted in `wanted`. */
function rewritten(node: unknown, dialect: "v2" | "v3", wanted: string[]): unknown {
  if (Array.isArray(node)) return node.map((item) => rewritten(item, dialect, wanted));
  if (typeof node !== "object" || node === null) return node;
  const entries = Object.entries(node);
  const reference = entries.find(([key]) => key === "$ref")?.[1];
  if (typeof reference === "string") {
    wanted.push(reference);
    const target = { $ref: `${prefixes[dialect]}${reference}` };
    const description = entries.find(([key]) => key === "description")?.[1];
    const defaultValue = entries.find(([key]) => key === "default")?.[1];
    const extensions = entries.filter(([key]) => key.startsWith("x-"));
    // In v3 what stands beside a reference is ignored, so it is wrapped as Kubernetes does.
    if (dialect === "v3" && (description !== undefined || defaultValue !== undefined)) {
      return {
        ...Object.fromEntries(extensions),
        ...(description === undefined ? {} : { description }),
        ...(defaultValue === undefined ? {} : { default: defaultValue }),
        allOf: [target],
      };
    }
    return { ...target, ...Object.fromEntries(extensions), ...(description === undefined ? {} : { description }) };
  }
  return Object.fromEntries(entries.map(([key, value]) => [key, rewritten(value, dialect, wanted)]));
}

/** The paths a client looks for: kubectl asks whether PATCH takes `fieldValidation` and `dryRun`. */
function pathsOf({ kind, version }: Served, dialect: "v2" | "v3"): Fields {
  const root = kind.group === "" ? `/api/${version.name}` : `/apis/${kind.group}/${version.name}`;
  const collection = kind.namespaced ? `${root}/namespaces/{namespace}/${kind.plural}` : `${root}/${kind.plural}`;
  const gvk = { group: kind.group, kind: kind.kind, version: version.name };
  const operation = (action: string): Fields => ({
    description: `${action} ${kind.kind}`,
    operationId: `${action}${apiVersionOf(kind.group, version.name).replaceAll(/[^A-Za-z0-9]/g, "")}${kind.kind}`,
    parameters: ["dryRun", "fieldManager", "fieldValidation"].map((name) => parameter(name, dialect)),
    responses: { "200": { description: "OK" } },
    "x-kubernetes-action": action,
    "x-kubernetes-group-version-kind": gvk,
  });
  const has = (verb: Kind["verbs"][number]): boolean => kind.verbs.includes(verb);
  return {
    [collection]: {
      ...(has("list") ? { get: operation("list") } : {}),
      ...(has("create") ? { post: operation("post") } : {}),
    },
    [`${collection}/{name}`]: {
      ...(has("get") ? { get: operation("get") } : {}),
      ...(has("update") ? { put: operation("put") } : {}),
      ...(has("patch") ? { patch: { ...operation("patch"), ...patchBody(kind, dialect) } } : {}),
      ...(has("delete") ? { delete: operation("delete") } : {}),
    },
  };
}

/** kubectl makes strategic patches only where the document says that they are taken. */
function patchBody({ origin }: Kind, dialect: "v2" | "v3"): Fields {
  const types = [
    "application/apply-patch+yaml",
    "application/json-patch+json",
    "application/merge-patch+json",
    ...(origin === "builtin" ? ["application/strategic-merge-patch+json"] : []),
  ];
  if (dialect === "v2") return { consumes: types };
  const patch = { schema: { type: "object" } };
  return { requestBody: { content: Object.fromEntries(types.map((type) => [type, patch])) } };
}

/**
 * The v2 document as protobuf, which is how kubectl asks for it: title and version, and no definitions. It asks only
 * about kinds that the v3 documents do not know, and is to learn that this one does not either.
 */
export function openApiV2Protobuf(): Buffer {
  const text = (field: number, value: string | Buffer): Buffer => {
    const bytes = Buffer.from(value);
    return Buffer.concat([Buffer.from([field * 8 + 2, bytes.length]), bytes]);
  };
  const [infoField, pathsField, definitionsField] = [2, 8, 9];
  return Buffer.concat([
    text(1, "2.0"),
    text(infoField, Buffer.concat([text(1, info.title), text(2, info.version)])),
    text(pathsField, ""),
    text(definitionsField, ""),
  ]);
}

function parameter(name: string, dialect: "v2" | "v3"): Fields {
  const common = { name, in: "query" };
  return dialect === "v3"
    ? { ...common, schema: { type: "string", uniqueItems: true } }
    : { ...common, type: "string", uniqueItems: true };
}
