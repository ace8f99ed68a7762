/** What tests of other packages may use of the engine: exact JSON, terms as values, order and text of values. */
import { formatDiagnostics } from "./diagnostics.ts";
import type { Host, HttpCaching, HttpFact, HttpRequest, LookupFact } from "./host.ts";
import { readJSON as readJSONText } from "./runtime/json-reader.ts";
import { readNumber } from "./runtime/number.ts";
import { objectOf } from "./runtime/object.ts";
import { RegoSet } from "./runtime/set.ts";
import type { Value } from "./runtime/value.ts";
import type { Term } from "./syntax/ast.ts";
import { parseTerm } from "./syntax/parse.ts";

export { compare as compareValues } from "./runtime/order.ts";
export { valueToText } from "./runtime/value-text.ts";

/** JSON as a value, its numbers exact. Throws where the text is not JSON. */
export function readJSON(text: string): Value {
  const read = readJSONText(text);
  if ("error" in read) throw new Error(read.error);
  return read.value;
}

/** A ground Rego term as a value: `{1, {"a": [2]}}`. Throws where the text is not one. */
export function readTerm(text: string): Value {
  const parsed = parseTerm({ name: "term", text });
  if (!parsed.ok) throw new Error(formatDiagnostics(parsed.diagnostics));
  return groundValue(parsed.value);
}

function groundValue(term: Term): Value {
  switch (term.kind) {
    case "null":
      return null;
    case "boolean":
    case "string":
      return term.value;
    case "number": {
      const number = readNumber(term.text);
      if (number === undefined) throw new Error(`not a number: ${term.text}`);
      return number;
    }
    case "array":
      return term.items.map(groundValue);
    case "set":
      return new RegoSet(term.items.map(groundValue));
    case "object":
      return objectOf(term.entries.map(([key, value]) => [groundValue(key), groundValue(value)] as const));
    default:
      throw new Error(`not a ground term, but a ${term.kind}`);
  }
}

/** An outside of the test's own; it remembers what was asked. */
export class FakeHost implements Host {
  readonly requests: { readonly request: HttpRequest; readonly caching: HttpCaching | undefined }[] = [];
  readonly names: string[] = [];
  readonly #send: (request: HttpRequest) => HttpFact;
  readonly #lookup: (name: string) => LookupFact;

  constructor({ send, lookup }: { send?: (request: HttpRequest) => HttpFact; lookup?: (name: string) => LookupFact }) {
    this.#send = send ?? ((): HttpFact => ({ kind: "refused", why: "this outside knows no HTTP" }));
    this.#lookup = lookup ?? ((name): LookupFact => ({ kind: "failed", error: `lookup ${name}: no such host` }));
  }

  async send(request: HttpRequest, caching: HttpCaching | undefined): Promise<HttpFact> {
    this.requests.push({ request, caching });
    return Promise.resolve(this.#send(request));
  }

  async lookup(name: string): Promise<LookupFact> {
    this.names.push(name);
    return Promise.resolve(this.#lookup(name));
  }
}
