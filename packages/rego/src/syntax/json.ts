/**
 * The tree as OPA's JSON: what `opa parse` and `rego.parse_module` give, key by key and in its order. It is made as
 * text, since a number keeps all the digits that it was written with.
 */
import type {
  Annotation,
  Body,
  Comment,
  Expression,
  Import,
  LogicalOperand,
  Module,
  Rule,
  RuleHead,
  TemplateString,
  Term,
  With,
} from "./ast.ts";
import { constantPart, endOfText, offsetBehindPart } from "./template-part.ts";
import { textOf } from "../source.ts";
import { annotationText, annotationToJson } from "./annotation-json.ts";
import { sortedEntries, sortedItems } from "./compare.ts";
import { toBase64 } from "./base64.ts";
import { jsonArray, jsonObject, jsonString, locationToJson } from "./json-text.ts";

/** What of the tree is written beyond what it means. */
export interface JsonOptions {
  /** `locations`: file, row, column and text of every node. Comments have theirs always. */
  readonly locations?: boolean;
  /** `comments`: default true. */
  readonly comments?: boolean;
}

/** A module as OPA's JSON, in one line. */
export function moduleToJson(module: Module, options: JsonOptions = {}): string {
  const writer = writerFor(options.locations === true);
  const comments = options.comments === false ? [] : module.comments;
  // The first comment of a block has the text of the whole block.
  const blocks = new Map(module.annotations.map((annotation) => [annotation.span.start, annotationText(annotation)]));
  const commentText = (comment: Comment): string | undefined =>
    options.locations === true ? (blocks.get(comment.span.start) ?? textOf(comment.span)) : undefined;
  return jsonObject([
    [
      "package",
      jsonObject([
        ["location", writer.place(module.package)],
        ["path", writer.terms(module.package.path.terms)],
      ]),
    ],
    ["imports", listOrNothing(module.imports.map(writer.imported))],
    ["annotations", listOrNothing(module.annotations.map(writer.annotation))],
    ["rules", listOrNothing(module.rules.map(writer.rule))],
    ["comments", listOrNothing(comments.map((comment) => commentToJson(comment, commentText(comment))))],
  ]);
}

/** A query as OPA's JSON. */
export function bodyToJson(body: Body, options: JsonOptions = {}): string {
  return writerFor(options.locations === true).body(body);
}

/** A term as OPA's JSON: `{"type": …, "value": …}`. */
export function termToJson(term: Term, options: JsonOptions = {}): string {
  return writerFor(options.locations === true).term(term);
}

interface Writer {
  readonly place: (node: Placed) => string | undefined;
  readonly term: (term: Term) => string;
  readonly terms: (terms: readonly Term[]) => string;
  readonly body: (body: Body) => string;
  readonly rule: (rule: Rule) => string;
  readonly imported: (imported: Import) => string;
  readonly annotation: (annotation: Annotation) => string;
}

/** The text of a node, which for OPA may begin elsewhere than its place. */
function textOfNode({ span, textStart = span.start }: Placed): string {
  return span.source.text.slice(textStart, span.end);
}

type Placed = Pick<Term, "span" | "textStart" | "unplaced">;

function writerFor(locations: boolean): Writer {
  const place = (node: Placed): string | undefined =>
    locations && node.unplaced !== true ? locationToJson(node.span, textOfNode(node)) : undefined;
  /** The place of a keyword at the beginning of a node. */
  const placeOfWord = (node: Placed, word: string): string | undefined =>
    place({ span: { ...node.span, end: node.span.start + word.length } });
  const terms = (list: readonly Term[]): string => jsonArray(list.map(term));
  const body = (expressions: Body): string => jsonArray(expressions.map(expression));

  function term(node: Term): string {
    return jsonObject([
      ["location", place(node)],
      ["type", jsonString(node.kind.toLowerCase())],
      ["value", value(node)],
    ]);
  }

  function value(node: Term): string {
    switch (node.kind) {
      case "null":
        return "{}";
      case "boolean":
        return String(node.value);
      case "number":
        // JSON has no number that begins with its point; Rego has.
        return node.text.replace(/^(-?)\./, "$10.");
      case "string":
        return jsonString(node.value);
      case "var":
        return jsonString(node.name);
      case "ref":
        return terms(node.terms);
      case "call":
        return terms([node.operator, ...node.args]);
      case "array":
        return terms(node.items);
      case "set":
        return terms(sortedItems(node.items));
      case "object":
        return jsonArray(sortedEntries(node.entries).map((entry) => terms(entry)));
      case "arrayComprehension":
      case "setComprehension":
        return jsonObject([
          ["term", term(node.term)],
          ["body", body(node.body)],
        ]);
      case "objectComprehension":
        return jsonObject([
          ["key", term(node.key)],
          ["value", term(node.value)],
          ["body", body(node.body)],
        ]);
      case "templateString":
        return jsonObject([
          ["parts", templateParts(node) ?? "null"],
          ["multi_line", String(node.multiline)],
        ]);
    }
  }

  function templateParts(node: TemplateString): string | undefined {
    let offset = node.span.start;
    const written: string[] = [];
    for (const part of node.parts) {
      if (typeof part === "string") {
        const span = { ...node.span, start: offset, end: endOfText(node, offset) };
        written.push(term({ kind: "string", value: part, span }));
      } else {
        const constant = constantPart(part);
        written.push(constant === undefined ? expression(part) : term(constant));
        offset = offsetBehindPart(part);
      }
    }
    return listOrNothing(written);
  }

  function expression(node: Expression): string {
    return jsonObject([
      ["generated", node.generated === true ? "true" : undefined],
      ["index", String(node.index)],
      ["location", place(node)],
      ["negated", node.negated ? "true" : undefined],
      ["terms", expressionTerms(node)],
      ["with", listOrNothing(node.with.map(modifier))],
    ]);
  }

  function expressionTerms(node: Expression): string {
    switch (node.kind) {
      case "term":
        return term(node.term);
      case "call":
        return terms([node.operator, ...node.args]);
      case "some":
        return jsonObject([
          ["location", placeOfWord(node, "some")],
          ["symbols", terms(node.symbols)],
        ]);
      case "someIn":
        return jsonObject([
          ["location", placeOfWord(node, "some")],
          ["symbols", terms([membership(node)])],
        ]);
      case "every":
        return jsonObject([
          ["body", body(node.body)],
          ["domain", term(node.domain)],
          ["key", node.key === undefined ? "null" : term(node.key)],
          ["location", placeOfWord(node, "every")],
          ["value", term(node.value)],
        ]);
      case "not":
        return jsonObject([
          ["body", body(node.body)],
          ["explicit_body", String(node.braces)],
          ["type", '"not"'],
        ]);
      case "and":
      case "or":
        return logical(node.kind, node.operands);
    }
  }

  function logical(kind: "and" | "or", operands: readonly LogicalOperand[]): string {
    const [left, right] = operands;
    return jsonObject([
      ["explicit_lhs", left?.form === "braces" ? "true" : undefined],
      ["explicit_rhs", right?.form === "braces" ? "true" : undefined],
      ["lhs", body(left?.body ?? [])],
      ["rhs", body(right?.body ?? [])],
      ["type", jsonString(kind)],
    ]);
  }

  function modifier(node: With): string {
    return jsonObject([
      ["location", place(node)],
      ["target", term(node.target)],
      ["value", term(node.value)],
    ]);
  }

  function rule(node: Rule): string {
    return jsonObject([
      ["annotations", listOrNothing(node.annotations.map(annotation))],
      ["body", body(node.body)],
      ["default", node.isDefault ? "true" : undefined],
      ["else", node.else === undefined ? undefined : rule(node.else)],
      ["head", head(node.head)],
      ["location", place(node)],
    ]);
  }

  function head(node: RuleHead): string {
    const key = node.key ?? node.objectKey;
    return jsonObject([
      ["name", node.name === undefined ? undefined : jsonString(node.name)],
      ["args", node.args === undefined ? undefined : listOrNothing(node.args.map(term))],
      ["key", key === undefined ? undefined : term(key)],
      ["value", node.value === undefined ? undefined : term(node.value)],
      ["assign", node.assign ? "true" : undefined],
      ["ref", terms(node.ref.terms)],
      ["location", place(node)],
    ]);
  }

  function imported(node: Import): string {
    return jsonObject([
      ["alias", node.alias === undefined ? undefined : jsonString(node.alias)],
      ["alias_location", node.aliasSpan === undefined ? undefined : place({ span: node.aliasSpan })],
      ["location", place(node)],
      ["path", term(node.path)],
    ]);
  }

  /** The places of the terms in an annotation would be those in its YAML, so they are left out. */
  function annotation(node: Annotation): string {
    const plain = locations ? writerFor(false) : undefined;
    const location = locations ? locationToJson(node.span, annotationText(node)) : undefined;
    return annotationToJson(node, location, (ref) => (plain?.terms ?? terms)(ref.terms));
  }

  return { place, term, terms, body, rule, imported, annotation };
}

/** OPA keeps `some x in xs` as a call of the membership function. */
function membership(node: Extract<Expression, { kind: "someIn" }>): Term {
  const { key, value, collection, operator } = node;
  const args = key === undefined ? [value, collection] : [key, value, collection];
  const span = { ...collection.span, start: (key ?? value).span.start };
  return { kind: "call", operator, args, infix: "in", span };
}

function listOrNothing(items: readonly string[]): string | undefined {
  return items.length === 0 ? undefined : jsonArray(items);
}

function commentToJson(comment: Comment, text: string | undefined): string {
  return jsonObject([
    ["Text", jsonString(toBase64(comment.text))],
    ["Location", locationToJson(comment.span, text)],
  ]);
}
