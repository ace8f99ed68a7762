/**
 * Documents as Go prints its structs and maps: a struct's fields in their order, a map's keys sorted. The drop-in
 * commands' output is read by scripts, so it is the same to the byte.
 */
import { compareBytes, marshalGo, type JsonValue } from "@portcullis/objects";
import { type WrittenJson, WrittenNumber } from "@portcullis/policy";

/** A struct: its fields stay in order. Everything else is JSON. */
export class GoStruct {
  readonly fields: readonly (readonly [name: string, value: GoDocument])[];

  constructor(fields: readonly (readonly [name: string, value: GoDocument])[]) {
    this.fields = fields;
  }
}

/** What is printed: JSON with structs in it, and numbers that are written already. */
export type GoDocument = JsonValue | WrittenJson | GoStruct | readonly GoDocument[] | GoMap;

/** A map, whose keys are sorted. */
interface GoMap {
  readonly [key: string]: GoDocument;
}

/** A node of a document, its entries in the order they are printed in. */
export type GoNode =
  | { readonly kind: "scalar"; readonly value: null | boolean | number | bigint | string | WrittenNumber }
  | { readonly kind: "list"; readonly items: readonly GoDocument[] }
  | { readonly kind: "entries"; readonly entries: readonly (readonly [name: string, value: GoDocument])[] };

/** What a document is at its top. */
export function nodeOf(value: GoDocument): GoNode {
  if (value instanceof GoStruct) return { kind: "entries", entries: value.fields };
  if (Array.isArray(value)) return { kind: "list", items: value };
  if (typeof value !== "object" || value === null || value instanceof WrittenNumber) return { kind: "scalar", value };
  const entries = Object.entries(value).toSorted(([left], [right]) => compareBytes(left, right));
  return { kind: "entries", entries };
}

/** `json.MarshalIndent` with four spaces. */
export function goJson(value: GoDocument, indent = ""): string {
  const node = nodeOf(value);
  const deeper = `${indent}    `;
  switch (node.kind) {
    case "scalar":
      if (node.value instanceof WrittenNumber) return node.value.text;
      // What else gator shows has been through doubles.
      return marshalGo(typeof node.value === "bigint" ? Number(node.value) : node.value);
    case "list":
      if (node.items.length === 0) return "[]";
      return `[\n${node.items.map((item) => deeper + goJson(item, deeper)).join(",\n")}\n${indent}]`;
    case "entries": {
      if (node.entries.length === 0) return "{}";
      const lines = node.entries.map(([name, item]) => `${deeper}${marshalGo(name)}: ${goJson(item, deeper)}`);
      return `{\n${lines.join(",\n")}\n${indent}}`;
    }
  }
}
