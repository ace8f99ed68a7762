/** The model of gator's suite files. */
import { groupVersionKindOf, isJsonArray, isJsonObject, own, type JsonValue } from "@portcullis/objects";

/** Tests that belong together. */
export interface Suite {
  readonly name: string;
  readonly skip: boolean;
  readonly tests: readonly SuiteTest[];
}

/** A template and a constraint, and the cases that they are tried on. */
export interface SuiteTest {
  readonly name: string;
  /** Paths, relative to the suite. */
  readonly template: string;
  readonly constraint: string;
  readonly expansion: string;
  /** Whether the constraint is to be refused by its schema. */
  readonly invalid: boolean;
  readonly skip: boolean;
  readonly cases: readonly SuiteCase[];
}

/** An object that is reviewed, and what must come of it. */
export interface SuiteCase {
  readonly name: string;
  /** Paths of the object and of what is in the inventory, relative to the suite. */
  readonly object: string;
  readonly inventory: readonly string[];
  readonly assertions: readonly Assertion[];
  readonly skip: boolean;
}

/** What must come of a review: so many violations, or so many with a message. */
export interface Assertion {
  /** `yes`, `no`, a count, or whatever else stands there, which is an error when it is looked at. */
  readonly violations: string | number;
  /** An expression in RE2's syntax that counts the messages which contain it; absent means all. */
  readonly message?: string;
}

/** A suite, nothing where the object is none, or what is wrong with it. */
export type SuiteReading =
  | { readonly kind: "suite"; readonly suite: Suite }
  | { readonly kind: "other" }
  | { readonly kind: "error"; readonly message: string };

/** Reads a suite out of a document; unknown fields are ignored, as gator ignores them. */
export function readSuite(document: JsonValue): SuiteReading {
  const { group, kind } = groupVersionKindOf(document);
  if (group !== "test.gatekeeper.sh" || kind !== "Suite") return { kind: "other" };
  const wrong: string[] = [];
  const suite = decodeSuite(document, wrong);
  const [first] = wrong;
  return first === undefined ? { kind: "suite", suite } : { kind: "error", message: `invalid yaml: ${first}` };
}

function decodeSuite(document: JsonValue, wrong: string[]): Suite {
  const read = fieldsOf(wrong);
  return {
    name: read.text(own(document, "metadata"), "name", "metadata.name"),
    skip: read.flag(document, "skip", "skip"),
    tests: read.list(document, "tests", "tests").map((test, at): SuiteTest => {
      const path = `tests[${at}]`;
      return {
        name: read.text(test, "name", `${path}.name`),
        template: read.text(test, "template", `${path}.template`),
        constraint: read.text(test, "constraint", `${path}.constraint`),
        expansion: read.text(test, "expansion", `${path}.expansion`),
        invalid: read.flag(test, "invalid", `${path}.invalid`),
        skip: read.flag(test, "skip", `${path}.skip`),
        cases: read
          .list(test, "cases", `${path}.cases`)
          .map((item, index) => decodeCase(item, `${path}.cases[${index}]`, read)),
      };
    }),
  };
}

function decodeCase(item: JsonValue, path: string, read: Fields): SuiteCase {
  return {
    name: read.text(item, "name", `${path}.name`),
    object: read.text(item, "object", `${path}.object`),
    inventory: read
      .list(item, "inventory", `${path}.inventory`)
      .map((entry, at) => read.text({ entry }, "entry", `${path}.inventory[${at}]`)),
    assertions: read.list(item, "assertions", `${path}.assertions`).map((assertion, at): Assertion => {
      const violations = own(assertion, "violations") ?? "yes";
      const hasMessage = (own(assertion, "message") ?? null) !== null;
      return {
        violations: violationsOf(violations),
        ...(hasMessage ? { message: read.text(assertion, "message", `${path}.assertions[${at}].message`) } : {}),
      };
    }),
    skip: read.flag(item, "skip", `${path}.skip`),
  };
}

/** A suite that was read as YAML 1.1 has booleans where the words `yes` and `no` stand. */
function violationsOf(value: JsonValue): string | number {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "number" || typeof value === "string" ? value : String(value);
}

interface Fields {
  readonly text: (of: JsonValue | undefined, key: string, path: string) => string;
  readonly flag: (of: JsonValue | undefined, key: string, path: string) => boolean;
  readonly list: (of: JsonValue | undefined, key: string, path: string) => readonly JsonValue[];
}

function fieldsOf(wrong: string[]): Fields {
  const note = (path: string, want: string, value: JsonValue): void => {
    const got = isJsonObject(value) ? "object" : isJsonArray(value) ? "array" : typeof value;
    wrong.push(`json: cannot unmarshal ${got} into Go struct field Suite.${path} of type ${want}`);
  };
  const present = (of: JsonValue | undefined, key: string): JsonValue | undefined => own(of, key) ?? undefined;
  return {
    text: (of, key, path) => {
      const value = present(of, key);
      if (value === undefined || typeof value === "string") return value ?? "";
      note(path, "string", value);
      return "";
    },
    flag: (of, key, path) => {
      const value = present(of, key);
      if (value === undefined || typeof value === "boolean") return value ?? false;
      note(path, "bool", value);
      return false;
    },
    list: (of, key, path) => {
      const value = present(of, key);
      if (value === undefined || isJsonArray(value)) return value ?? [];
      note(path, "[]verify", value);
      return [];
    },
  };
}
