/** A module's tree as indented text, as `opa parse` shows it: made of its JSON, whose nodes are OPA's. */
import { formatAlone, moduleToJson, valueToText, type Module } from "@portcullis/rego/tools";

/** The tree, a line for each node. */
export function treeText(module: Module): string {
  // A number is shown as it was written, and JSON.parse would read it.
  const json = moduleToJson(module).replaceAll(
    /\{"type":"number","value":([^,}\]]+)\}/g,
    '{"type":"number","value":"$1"}',
  );
  const tree: unknown = JSON.parse(json);
  const writer = new TreeWriter();
  writer.module(tree);
  return `${writer.lines.join("\n")}\n`;
}

class TreeWriter {
  readonly lines: string[] = [];

  module(node: unknown): void {
    this.#line(0, "module");
    const pkg = field(node, "package");
    this.#line(1, "package");
    this.#ref(2, field(pkg, "path"));
    for (const imported of list(node, "imports")) {
      this.#line(1, "import");
      this.#term(2, field(imported, "path"));
      this.#line(2, text(field(imported, "alias")));
    }
    for (const rule of list(node, "rules")) this.#rule(1, rule);
    for (const _annotations of list(node, "annotations")) this.#line(1, "annotations");
    for (const _comment of list(node, "comments")) this.#line(1, "comment");
  }

  #line(depth: number, words: string): void {
    this.lines.push(" ".repeat(depth) + words);
  }

  #rule(depth: number, rule: unknown): void {
    this.#line(depth, "rule");
    const head = field(rule, "head");
    this.#line(depth + 1, "head");
    this.#ref(depth + 2, field(head, "ref"));
    const args = list(head, "args");
    if (args.length > 0) this.#line(depth + 2, "args");
    for (const argument of args) this.#term(depth + 3, argument);
    const value = field(head, "value");
    if (value !== undefined) this.#term(depth + 2, value);
    this.#body(depth + 1, field(rule, "body"));
    const otherwise = field(rule, "else");
    if (otherwise !== undefined) this.#rule(depth + 1, otherwise);
  }

  #body(depth: number, body: unknown): void {
    this.#line(depth, "body");
    for (const expression of items(body)) this.#expression(depth + 1, expression);
  }

  #expression(depth: number, expression: unknown): void {
    const negated = field(expression, "negated") === true ? "negated " : "";
    this.#line(depth, `expr ${negated}index=${text(field(expression, "index"))}`);
    this.#terms(depth + 1, field(expression, "terms"));
    for (const modifier of list(expression, "with")) {
      this.#line(depth + 1, "with");
      this.#term(depth + 2, field(modifier, "target"));
      this.#term(depth + 2, field(modifier, "value"));
    }
  }

  #terms(depth: number, terms: unknown): void {
    if (Array.isArray(terms)) {
      for (const term of terms) this.#term(depth, term);
      return;
    }
    const type = field(terms, "type");
    if (typeof type === "string" && !["and", "or", "not"].includes(type)) {
      this.#term(depth, terms);
      return;
    }
    if (field(terms, "symbols") !== undefined) {
      this.#line(depth, "somedecl");
      for (const symbol of list(terms, "symbols")) this.#term(depth + 1, symbol);
      return;
    }
    if (field(terms, "domain") !== undefined) {
      this.#line(depth, "every");
      for (const part of ["key", "value", "domain"]) {
        const term = field(terms, part);
        if (term !== undefined && term !== null) this.#term(depth + 1, term);
      }
      this.#body(depth + 1, field(terms, "body"));
      return;
    }
    if (field(terms, "lhs") !== undefined) {
      this.#line(depth, `logical${text(type)}`);
      this.#body(depth + 1, field(terms, "lhs"));
      this.#body(depth + 1, field(terms, "rhs"));
      return;
    }
    this.#line(depth, "not");
    this.#body(depth + 1, field(terms, "body"));
  }

  #ref(depth: number, terms: unknown): void {
    this.#line(depth, "ref");
    for (const term of items(terms)) this.#term(depth + 1, term);
  }

  #term(depth: number, term: unknown): void {
    const type = text(field(term, "type"));
    const value = field(term, "value");
    switch (type) {
      case "null":
        this.#line(depth, "null");
        return;
      case "string":
        // OPA hands the text to Go's printf for its format.
        this.#line(depth, formatAlone(valueToText(text(value))));
        return;
      case "boolean":
      case "number":
        this.#line(depth, text(value));
        return;
      case "var":
        this.#line(depth, text(value).startsWith("$") ? "_" : text(value));
        return;
      case "object":
        this.#line(depth, type);
        for (const entry of items(value)) for (const part of items(entry)) this.#term(depth + 1, part);
        return;
      case "ref":
      case "call":
      case "array":
      case "set":
        this.#line(depth, type);
        for (const part of items(value)) this.#term(depth + 1, part);
        return;
      case "arraycomprehension":
      case "setcomprehension":
      case "objectcomprehension":
        this.#line(depth, type);
        for (const part of ["term", "key", "value"]) {
          const inner = field(value, part);
          if (inner !== undefined) this.#term(depth + 1, inner);
        }
        this.#body(depth + 1, field(value, "body"));
        return;
      default:
        this.#line(depth, type);
    }
  }
}

function field(node: unknown, name: string): unknown {
  if (typeof node !== "object" || node === null || !Object.hasOwn(node, name)) return undefined;
  // as: an object has properties by name
  return (node as Readonly<Record<string, unknown>>)[name];
}

function list(node: unknown, name: string): readonly unknown[] {
  return items(field(node, name));
}

function items(node: unknown): readonly unknown[] {
  return Array.isArray(node) ? node : [];
}

function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}
