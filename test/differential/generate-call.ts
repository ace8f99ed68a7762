/** Calls of any builtin with arguments of about the right types, some of them wrong: the input has no types. */
import type { Type } from "../../packages/rego/src/check/type.ts";
import { builtinSignatures } from "../../packages/rego/src/builtins/signatures-data.ts";
import { inputNames } from "./documents.ts";
import type { Random } from "./random.ts";

/** What has no answer to compare (randomness, the outside, the machine), and what has no result or is no function. */
const left = new Set([
  "http.send",
  "net.lookup_ip_addr",
  "opa.runtime",
  "rand.intn",
  "time.now_ns",
  "uuid.rfc4122",
  "rego.metadata.chain",
  "rego.metadata.rule",
  "rego.parse_module",
  "io.jwt.encode_sign",
  "io.jwt.encode_sign_raw",
  "assign",
  // A range up to the time of day takes opa all of the memory.
  "numbers.range",
  "numbers.range_step",
  "bits.lsh",
  "eq",
  "print",
  "trace",
  "walk",
]);

const callable = builtinSignatures.filter(
  (one) => !left.has(one.name) && !one.name.startsWith("internal.") && one.deprecated !== true,
);

const strings = ["a", "s", "uni", "empty", "long", "num", "json", "html", "cidr", "re"];
const numbers = ["zero", "one", "n", "half", "neg", "big", "frac", "onepoint", "exp", "time"];

/** The text of a call. `term` writes an argument that can be anything. */
export function randomCall(random: Random, term: () => string): string {
  const { name, args, infix, variadic } = random.pick(callable);
  const given = args.map((type) => (random.chance(10) ? term() : argument(random, type, 2)));
  if (variadic !== undefined && random.chance(50)) given.push(argument(random, variadic, 1));
  // Not every operator has a name that a call may use.
  if (infix !== undefined) return `(${given[0] ?? "1"} ${infix} ${given[1] ?? "1"})`;
  return `${name}(${given.join(", ")})`;
}

function argument(random: Random, type: Type, depth: number): string {
  if (random.chance(8)) return `input.${random.pick(inputNames)}`;
  switch (type.kind) {
    case "null":
      return "input.z";
    case "boolean":
      return random.pick(["true", "false", "input.t", "input.f"]);
    case "number":
      return random.chance(60)
        ? `input.${random.pick(numbers)}`
        : random.pick(["0", "1", "2", "-1", "1.5", "10", "64"]);
    case "string":
      return random.chance(60)
        ? `input.${random.pick(strings)}`
        : random.pick(['"a"', '""', '"b,c"', '"%v %d"', '"é"', '"1.5"', '"[a-c]+"', '"/o/a"', '"2h"', '"**"', "`\\d`"]);
    case "any":
      return type.of.length === 0 ? anyArgument(random, depth) : argument(random, random.pick(type.of), depth);
    case "array":
      return arrayArgument(random, type, depth);
    case "set":
      return setArgument(random, type.of, depth);
    case "object":
      return objectArgument(random, type, depth);
    case "function":
      return "input.z";
  }
}

function anyArgument(random: Random, depth: number): string {
  if (depth <= 0 || random.chance(60)) return `input.${random.pick(inputNames)}`;
  return random.pick(['{"a": 1}', "[1, [2]]", "{1, 2}", "null", "set()", '{"k": {"v": []}}', '{"a", {"b"}}']);
}

function arrayArgument(random: Random, type: Type & { kind: "array" }, depth: number): string {
  if (type.items.length > 0) {
    return `[${type.items.map((item) => argument(random, item ?? { kind: "null" }, depth - 1)).join(", ")}]`;
  }
  if (depth <= 0 || random.chance(50)) return `input.${random.pick(["xs", "ss", "mixed", "es", "objs"])}`;
  const item = type.rest ?? { kind: "any", of: [] };
  return `[${Array.from({ length: random.below(4) }, () => argument(random, item, depth - 1)).join(", ")}]`;
}

function setArgument(random: Random, of: Type | undefined, depth: number): string {
  const item = of ?? { kind: "any", of: [] };
  const items = Array.from({ length: random.below(4) }, () => argument(random, item, depth - 1));
  return items.length === 0 ? "set()" : `{${items.join(", ")}}`;
}

function objectArgument(random: Random, type: Type & { kind: "object" }, depth: number): string {
  if (type.properties.length > 0) {
    const known = type.properties.map(
      ({ key, value }) => `${JSON.stringify(key)}: ${argument(random, value ?? { kind: "null" }, depth - 1)}`,
    );
    return `{${known.join(", ")}}`;
  }
  if (depth <= 0 || random.chance(60)) return `input.${random.pick(["o", "m", "eo"])}`;
  const value = type.rest?.value ?? { kind: "any", of: [] };
  const entries = ["a", "b", "é"].slice(0, random.below(4));
  return `{${entries.map((key) => `"${key}": ${argument(random, value, depth - 1)}`).join(", ")}}`;
}
