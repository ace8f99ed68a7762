/** One Pod under fifty Pod Security constraints that all match, made from the corpus' policies. */
import { globSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isJsonObject, type JsonObject } from "@portcullis/objects";
import { Client, readRequest, RegoDriver, reviewOfAdmission } from "@portcullis/policy";
import { podReview } from "../review.ts";
import { corpus, yamlOf } from "./samples.ts";

/** What is reviewed, and how: by us in this process, and as a file for gator. */
export interface Fifty {
  readonly review: () => void;
  /** Writes everything into one file. */
  readonly write: (path: string) => void;
  readonly results: number;
}

/** Sets everything up. */
export async function fifty(registry: string): Promise<Fifty> {
  const folder = join(corpus, "pod-security-policy");
  const templates = globSync("*/template.yaml", { cwd: folder })
    .toSorted()
    .map((path) => yamlOf(join(folder, path)));
  const samples = globSync("*/samples/*/constraint.yaml", { cwd: folder })
    .toSorted()
    .map((path) => yamlOf(join(folder, path)));
  const constraints = Array.from({ length: 50 }, (_, index): JsonObject => {
    const sample = samples[index % samples.length] ?? {};
    return { ...sample, metadata: { name: `constraint-${index}` } };
  });
  const client = new Client({ drivers: [new RegoDriver()] });
  for (const template of templates) {
    const added = await client.addTemplate(template);
    if (!added.ok) throw new Error(added.problem.message);
  }
  for (const constraint of constraints) {
    const added = client.addConstraint(constraint);
    if (!added.ok) throw new Error(added.problem.message);
  }
  // as: JSON.parse of what we wrote ourselves
  const request = JSON.parse(JSON.stringify(podReview(registry))) as JsonObject;
  const namespace = request["namespaceObject"];
  const context = isJsonObject(namespace) ? { namespace } : {};
  const review = (): number => {
    const read = readRequest(request);
    if (!read.ok) throw new Error(read.message);
    const prepared = reviewOfAdmission(read.request, context);
    if (!prepared.ok) throw new Error(prepared.problem.message);
    const options = { enforcementPoint: "validation.gatekeeper.sh", now: 0n } as const;
    const outcome = client.review(prepared.value, options);
    if (outcome.kind !== "results") throw new Error("the review failed");
    return outcome.results.length;
  };
  const objects = [...templates, ...constraints, request["object"] ?? null];
  const write = (path: string): void => {
    writeFileSync(path, objects.map((object) => JSON.stringify(object)).join("\n---\n"));
  };
  return { review, write, results: review() };
}
