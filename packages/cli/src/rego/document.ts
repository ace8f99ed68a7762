/** JSON as OPA's commands print it: structs in their fields' order around values of the engine. */
import type { Value } from "@portcullis/rego";
import { quoteJSON, writeIndentedJSON } from "@portcullis/rego/tools";

/** An object whose fields stay in order. */
export class Struct {
  readonly fields: readonly (readonly [name: string, value: Document])[];

  /** Fields that are undefined are left out. */
  constructor(fields: readonly (readonly [name: string, value: Document | undefined])[]) {
    this.fields = fields.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  }
}

/** A list of structs, which is no value of the engine. */
export class List {
  readonly items: readonly Document[];

  constructor(items: readonly Document[]) {
    this.items = items;
  }
}

/** What is printed. */
export type Document = Struct | List | Value;

/** The document over several lines, two spaces deep. */
export function documentJson(document: Document, prefix = ""): string {
  const deeper = `${prefix}  `;
  if (document instanceof Struct) {
    if (document.fields.length === 0) return "{}";
    const lines = document.fields.map(([name, value]) => `${deeper}${quoteJSON(name)}: ${documentJson(value, deeper)}`);
    return `{\n${lines.join(",\n")}\n${prefix}}`;
  }
  if (document instanceof List) {
    if (document.items.length === 0) return "[]";
    return `[\n${document.items.map((item) => deeper + documentJson(item, deeper)).join(",\n")}\n${prefix}]`;
  }
  return writeIndentedJSON(document, prefix, "  ");
}
