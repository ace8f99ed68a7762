import type { Value } from "../../runtime/value.ts";
import type { BuiltinContext } from "../builtin.ts";
import { BuiltinFailure, fail } from "../failure.ts";
import { isJsonArray, isJsonObject, type JsonNode, type JsonObject, nodeOf } from "./json-node.ts";
import { metaschemas } from "./metaschemas-data.ts";
import {
  isCanonical,
  parseReference,
  pointerOf,
  type Reference,
  referenceText,
  resolve,
  withoutFragment,
} from "./reference.ts";
import type { Draft } from "./schema.ts";

/** A document or a part of one, and the draft that its `$schema` says. */
export interface PooledDocument {
  readonly node: JsonNode;
  readonly draft: Draft | undefined;
}

const drafts: ReadonlyMap<string, Draft> = new Map<string, Draft>([
  ["http://json-schema.org/draft-04/schema", 4],
  ["http://json-schema.org/draft-06/schema", 6],
  ["http://json-schema.org/draft-07/schema", 7],
]);

/** The draft that a document says it is written by. */
export function declaredDraft(document: JsonNode): Draft | undefined {
  if (typeof document === "boolean") return undefined;
  if (!isJsonObject(document)) fail("schema is invalid");
  const declared = document.get("$schema");
  if (declared === undefined) return undefined;
  if (typeof declared !== "string") fail("$schema must be of type string");
  return drafts.get(referenceText(parseReference(declared)));
}

/** The schemas of one compilation by their names, and what the references in them mean where they stand. */
export class SchemaPool {
  readonly #context: BuiltinContext;
  readonly #documents = new Map<string, PooledDocument>();
  readonly #references = new Map<JsonObject, string>();

  constructor(context: BuiltinContext) {
    this.#context = context;
  }

  /** Takes a document in, with all the parts of it that have names of their own. */
  add(document: JsonNode, reference: Reference): void {
    const name = referenceText(reference);
    if (this.#documents.has(name)) fail(`Reference already exists: "${name}"`);
    const draft = declaredDraft(document);
    this.#collect(document, reference, draft);
    this.#documents.set(name, { node: document, draft });
  }

  /** A schema's `$ref` in full. */
  absolute(schema: JsonObject, reference: string): string {
    return this.#references.get(schema) ?? reference;
  }

  /** What a reference leads to. */
  find(text: string): PooledDocument {
    const reference = parseReference(text);
    const name = referenceText(reference);
    const known = this.#documents.get(name);
    if (known !== undefined) return known;
    const owner = withoutFragment(reference);
    const inPool = this.#documents.get(referenceText(owner));
    if (inPool !== undefined) {
      const found = { node: follow(inPool.node, pointerOf(reference)), draft: inPool.draft };
      this.#documents.set(name, found);
      return found;
    }
    if (!isCanonical(reference)) fail(`Reference ${name} must be canonical`);
    // Nothing here does I/O, so that no host is one that schemas may be fetched from.
    const metaschema: Value | undefined = metaschemas.get(referenceText(owner));
    if (metaschema === undefined) return fail(`remote reference loading disabled: ${name}`);
    const document = nodeOf(this.#context, metaschema);
    this.add(document, owner);
    return { node: follow(document, pointerOf(reference)), draft: declaredDraft(document) };
  }

  #collect(node: JsonNode, base: Reference, draft: Draft | undefined): void {
    this.#context.charge(1);
    if (isJsonArray(node)) for (const item of node) this.#collect(item, base, draft);
    if (!isJsonObject(node)) return;
    let here = base;
    const id = quietly(node.get(node.has("id") ? "id" : "$id"));
    if (id !== undefined) {
      here = resolve(base, id);
      const name = referenceText(here);
      if (this.#documents.has(name)) fail(`Reference already exists: "${name}"`);
      this.#documents.set(name, { node, draft });
    }
    const reference = quietly(node.get("$ref"));
    if (reference !== undefined) this.#references.set(node, referenceText(resolve(here, reference)));
    for (const [key, child] of node) {
      // Constants are values, not schemas; and properties may well be called `$ref`.
      if (key === "const" || key === "enum") continue;
      const holdsSchemas = key === "properties" || key === "dependencies" || key === "patternProperties";
      if (!holdsSchemas) this.#collect(child, here, draft);
      else if (isJsonObject(child)) for (const schema of child.values()) this.#collect(schema, here, draft);
    }
  }
}

/** A reference where it is one; what is wrong with others is said when the schema is read. */
function quietly(node: JsonNode | undefined): Reference | undefined {
  if (typeof node !== "string") return undefined;
  try {
    return parseReference(node);
  } catch (failure) {
    if (failure instanceof BuiltinFailure) return undefined;
    throw failure;
  }
}

function follow(document: JsonNode, pointer: readonly string[]): JsonNode {
  let node = document;
  for (const step of pointer) {
    const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
    if (isJsonObject(node)) node = node.get(key) ?? missing(node, key);
    else if (isJsonArray(node)) node = itemAt(node, step);
    else fail(`Invalid token reference '${step}'`);
  }
  return node;
}

function missing(object: JsonObject, key: string): null {
  return object.has(key) ? null : fail(`Object has no key '${key}'`);
}

function itemAt(array: readonly JsonNode[], step: string): JsonNode {
  if (!/^[+-]?[0-9]+$/.test(step) || !Number.isSafeInteger(Number(step))) fail(`Invalid array index '${step}'`);
  const index = Number(step);
  return array[index] ?? (index in array ? null : fail(`Out of bound array[0,${array.length}] index '${index}'`));
}
