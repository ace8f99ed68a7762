import { Document, isMap, isScalar, Scalar, visit, type Tags } from "yaml";
import type { JsonValue } from "../json/value.ts";
import { goNumber, goTags } from "./go-scalars.ts";

/** How a text is laid out. */
export interface YamlLayout {
  /** Sort the keys of mappings, as kubectl prints them; else they stay in their order. */
  readonly sortKeys?: boolean;
  /** Spaces per level. */
  readonly indent?: number;
  /** Whether sequences in mappings are indented; kubectl does not. */
  readonly indentSequences?: boolean;
}

/** A value as one YAML document, laid out as kubectl prints objects; what is read back by `readYaml` is the same value. */
export function writeYaml(value: JsonValue, layout: YamlLayout = {}): string {
  const document = new Document(value, { version: "1.1", customTags: tagsWithoutMerge, aliasDuplicateObjects: false });
  visit(document, {
    Scalar(key, node) {
      if (typeof node.value !== "string") return;
      if (node.value.includes("\n") && key !== "key" && !/^\s|[^\n\S]\n|\r/.test(node.value)) {
        node.type = Scalar.BLOCK_LITERAL;
      } else if (looksLikeAnotherType(node.value)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  if (layout.sortKeys === true) {
    visit(document, {
      Map(_key, map) {
        if (!isMap(map)) return;
        map.items.sort((left, right) => compareKeys(keyText(left.key), keyText(right.key)));
      },
    });
  }
  return document.toString({
    lineWidth: 0,
    indent: layout.indent ?? 2,
    indentSeq: layout.indentSequences ?? false,
    nullStr: "null",
    directives: false,
    flowCollectionPadding: false,
  });
}

/** A key named `<<` is a key like any other when it is written: it goes in quotes, which the merge tag would leave off. */
function tagsWithoutMerge(tags: Tags): Tags {
  return goTags(tags).filter((tag) => typeof tag === "string" || tag.tag !== "tag:yaml.org,2002:merge");
}

/** Texts that a YAML 1.1 reader takes for something else are quoted, whoever reads them. */
function looksLikeAnotherType(text: string): boolean {
  return (
    /^(?:y|n|yes|no|on|off|true|false|null|~|<<|=)?$/i.test(text) ||
    /^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.\d*)?$/.test(text) ||
    /^\d{4}-\d{1,2}-\d{1,2}/.test(text) ||
    /^[-+]?\.(?:inf|nan)$/i.test(text) ||
    goNumber(text) !== undefined
  );
}

function keyText(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}

function compareKeys(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
