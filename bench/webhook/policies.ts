/** Templates and constraints in number, made from the seed's and the corpus' policies. */
import { globSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  isJsonArray,
  isJsonObject,
  nameOf,
  own,
  ownPath,
  ownString,
  setOwn,
  type JsonObject,
  type JsonValue,
} from "@portcullis/objects";
import { corpus, yamlOf } from "../engine/samples.ts";

/** What is to be in force. */
export interface PolicySet {
  readonly templates: readonly JsonObject[];
  readonly constraints: readonly JsonObject[];
}

const seedFolder = join(import.meta.dirname, "../../examples/private-registry");

/** The seed's template and its constraint. */
export function seedPolicies(): PolicySet {
  return {
    templates: [yamlOf(join(seedFolder, "constraint_template.yaml"))],
    constraints: [yamlOf(join(seedFolder, "constraint.yaml"))],
  };
}

/** Fifty constraints of the corpus' Pod Security policies; all of them match Pods. */
export function fiftyPolicies(): PolicySet {
  const { templates, constraints } = read("pod-security-policy");
  return { templates, constraints: repeat(constraints, 50) };
}

/** Fifty templates, the corpus' under as many names as it takes, and five hundred constraints of them. */
export function manyPolicies(): PolicySet {
  const { templates, constraints } = read("*");
  const many: JsonObject[] = [];
  const kinds = new Map<string, string[]>();
  for (let at = 0; at < 50; at += 1) {
    const template = templates[at % templates.length] ?? {};
    const kind = kindOf(template);
    const renamed = at < templates.length ? kind : `${kind}No${Math.floor(at / templates.length) + 1}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), renamed]);
    many.push(withKind(template, renamed));
  }
  const turn = new Map<string, number>();
  const repeated = repeat(constraints, 500).map((constraint) => {
    const kind = ownString(constraint, "kind") ?? "";
    const names = kinds.get(kind) ?? [kind];
    const at = turn.get(kind) ?? 0;
    turn.set(kind, at + 1);
    return { ...constraint, kind: names[at % names.length] ?? kind };
  });
  return { templates: many, constraints: repeated };
}

/** How many constraints name Pods. */
export function matchPods({ constraints }: PolicySet): number {
  return constraints.filter((constraint) => {
    const kinds = ownPath(constraint, "spec", "match", "kinds");
    if (!isJsonArray(kinds)) return true;
    return kinds.some((entry) => {
      const listed = own(entry, "kinds");
      return isJsonArray(listed) && (listed.includes("Pod") || listed.includes("*"));
    });
  }).length;
}

function read(group: string): PolicySet {
  const templates = globSync(`${group}/*/template.yaml`, { cwd: corpus }).toSorted();
  if (templates.length === 0) {
    throw new Error(
      `no policies are in ${corpus}, of which this set is made; run the bench where the corpora are beside it`,
    );
  }
  const constraints = templates.flatMap((path) =>
    globSync(`${dirname(path)}/samples/*/constraint.yaml`, { cwd: corpus })
      .toSorted()
      .map((sample) => yamlOf(join(corpus, sample))),
  );
  return { templates: templates.map((path) => yamlOf(join(corpus, path))), constraints };
}

function repeat(constraints: readonly JsonObject[], times: number): readonly JsonObject[] {
  return Array.from({ length: times }, (_, at): JsonObject => {
    const constraint = constraints[at % constraints.length] ?? {};
    return { ...constraint, metadata: { name: `${nameOf(constraint).slice(0, 50)}-${at}` } };
  });
}

function kindOf(template: JsonObject): string {
  return ownString(ownPath(template, "spec", "crd", "spec", "names"), "kind") ?? "";
}

function withKind(template: JsonObject, kind: string): JsonObject {
  const renamed = replace(template, ["spec", "crd", "spec", "names"], { kind });
  return { ...renamed, metadata: { ...metadata(template), name: kind.toLowerCase() } };
}

function metadata(template: JsonObject): JsonObject {
  const found = own(template, "metadata");
  return isJsonObject(found) ? found : {};
}

function replace(object: JsonObject, [key = "", ...rest]: readonly string[], value: JsonValue): JsonObject {
  const changed: { [key: string]: JsonValue } = { ...object };
  const below = own(object, key);
  setOwn(changed, key, rest.length === 0 ? value : replace(isJsonObject(below) ? below : {}, rest, value));
  return changed;
}
