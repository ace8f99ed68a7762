/** What is evaluated: the walkthrough's rule, and every library template of the corpus on its samples. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isJsonObject, readYaml, type JsonObject, type JsonValue } from "@portcullis/objects";
import { compile, formatDiagnostics, toDocument, type PlainObject, type Policy, type Value } from "@portcullis/rego";
import { podReview } from "../review.ts";

/** Where the library's templates are; absent on most machines. */
export const corpus: string = join(import.meta.dirname, "../../../shared/corpus/gatekeeper-library");

/** A policy and an input. */
export interface Sample {
  readonly name: string;
  readonly modules: readonly string[];
  readonly query: string;
  readonly input: PlainObject;
}

/** The one document of a file. */
export function yamlOf(path: string): JsonObject {
  const [document] = readYaml(readFileSync(path, "utf8"), path).documents;
  if (document === undefined || !isJsonObject(document.value)) throw new Error(`${path} is no object`);
  return document.value;
}

function at(value: JsonValue | undefined, ...path: readonly (string | number)[]): JsonValue | undefined {
  let node: JsonValue | undefined = value;
  for (const key of path) {
    if (typeof key === "number") node = Array.isArray(node) ? node[key] : undefined;
    else node = node !== undefined && isJsonObject(node) ? node[key] : undefined;
  }
  return node;
}

function listAt(value: JsonValue | undefined, ...path: readonly (string | number)[]): readonly JsonValue[] {
  const list = at(value, ...path);
  return Array.isArray(list) ? list : [];
}

/** The modules of a template's Rego, and the query for its violations. */
export function regoOf(template: JsonObject): Pick<Sample, "modules" | "query"> {
  const target = at(template, "spec", "targets", 0);
  const code = listAt(target, "code").find((one) => at(one, "engine") === "Rego");
  const rego = String(at(target, "rego") ?? at(code, "source", "rego"));
  const libs = [...listAt(target, "libs"), ...listAt(code, "source", "libs")].map(String);
  const name = /^package\s+(\S+)/m.exec(rego)?.[1] ?? "";
  return { modules: [rego, ...libs], query: `data.${name}.violation` };
}

/** The walkthrough's rule on a Pod that it allows and on one that it denies. */
export function seedSamples(): readonly Sample[] {
  const template = yamlOf(join(import.meta.dirname, "../../examples/private-registry/constraint_template.yaml"));
  return ["private.example.com", "docker.io"].map((registry, index) => ({
    name: index === 0 ? "allow" : "deny",
    ...regoOf(template),
    // as: JSON.parse of what we wrote ourselves
    input: JSON.parse(
      JSON.stringify({ review: podReview(registry), parameters: { repos: ["private.example.com"] } }),
    ) as PlainObject,
  }));
}

/** The suites of the library, by path. */
export function suites(): readonly string[] {
  if (!existsSync(corpus)) return [];
  return globSync("**/suite.yaml", { cwd: corpus })
    .toSorted()
    .map((path) => join(corpus, path));
}

/** Every template of the library on an object that it allows and on one that it refuses. */
export function librarySamples(): readonly Sample[] {
  return suites().flatMap(samplesOf);
}

/** Every template of the library once: by turns on an object that it allows, and on one that it refuses. */
export function halfOfSamples(): readonly Sample[] {
  return suites().flatMap((path, turn) => {
    const samples = samplesOf(path);
    return samples
      .slice(turn % 2)
      .concat(samples)
      .slice(0, 1);
  });
}

function samplesOf(path: string): Sample[] {
  const folder = dirname(path);
  const samples: Sample[] = [];
  for (const test of listAt(yamlOf(path), "tests").slice(0, 1)) {
    const rego = regoOf(yamlOf(join(folder, String(at(test, "template")))));
    const constraint = yamlOf(join(folder, String(at(test, "constraint"))));
    const cases = listAt(test, "cases");
    const isAllowed = (one: JsonValue): boolean =>
      ["no", "false"].includes(String(at(one, "assertions", 0, "violations")));
    for (const one of [cases.find(isAllowed), cases.find((other) => !isAllowed(other))]) {
      const objectPath = join(folder, String(at(one, "object")));
      if (one === undefined || !existsSync(objectPath)) continue;
      samples.push({
        name: `${folder.slice(corpus.length + 1)} ${isAllowed(one) ? "allowed" : "refused"}`,
        ...rego,
        // as: JSON is a value
        input: {
          review: reviewOf(yamlOf(objectPath)),
          parameters: at(constraint, "spec", "parameters") ?? {},
        } as unknown as PlainObject,
      });
    }
  }
  return samples;
}

function reviewOf(object: JsonObject): JsonObject {
  const parts = String(at(object, "apiVersion")).split("/");
  const [group, version] = parts.length === 2 ? parts : ["", parts[0]];
  return {
    uid: "u",
    operation: "CREATE",
    kind: { group: group ?? "", version: version ?? "", kind: String(at(object, "kind")) },
    name: String(at(object, "metadata", "name")),
    namespace: String(at(object, "metadata", "namespace") ?? ""),
    userInfo: { username: "system:admin" },
    object,
  };
}

/**
 * One evaluation of a sample, as its peers are timed: the input is an object that is there, and what comes out is JSON,
 * with its sets in order.
 */
export function callOf(policy: Policy, { input }: Sample): () => Value {
  return () => {
    const answer = policy.value("violation", { input });
    if (answer.kind !== "value" || answer.value === undefined) throw new Error(`no answer: ${JSON.stringify(answer)}`);
    return toDocument(answer.value);
  };
}

/** A sample's policy, with the one entry `violation`. */
export async function policyOf({ modules, query }: Pick<Sample, "modules" | "query">): Promise<Policy> {
  const compiled = await compile({
    modules: modules.map((text, index) => ({ name: `m${index}.rego`, text, version: "v0" })),
    entrypoints: { violation: query },
  });
  if (!compiled.ok) throw new Error(formatDiagnostics(compiled.diagnostics));
  return compiled.value;
}
