import { groupVersionKindOf, nameOf, platformPatterns, type JsonObject } from "@portcullis/objects";
import { decodeTemplate, describeStrayField, makeConstraintCrd, strayFieldsOf } from "@portcullis/policy";
import { titleOf, type Manifest } from "./manifest.ts";

/**
 * What is wrong with constraints that have fields which their kinds do not have: the API server takes such fields away,
 * and the constraint means something else then. The kinds are those of the templates given, or of the cluster's.
 */
export async function findStrayFields(
  constraints: readonly Manifest[],
  templates: readonly Manifest[],
  templateInCluster: (name: string) => Promise<JsonObject | undefined>,
): Promise<readonly string[]> {
  const given = new Map(templates.map(({ object }) => [nameOf(object), object]));
  const problems: string[] = [];
  for (const { object, source } of constraints) {
    const name = groupVersionKindOf(object).kind.toLowerCase();
    const template = given.get(name) ?? (await templateInCluster(name));
    if (template === undefined) continue;
    given.set(name, template);
    const decoded = decodeTemplate(template);
    const crd = decoded.ok ? makeConstraintCrd(decoded.value, platformPatterns) : decoded;
    // What is wrong with the template is said where it is applied.
    if (!crd.ok) continue;
    for (const field of strayFieldsOf(object, crd.value)) {
      problems.push(`${source}: ${titleOf(object)}: ${describeStrayField(field)}`);
    }
  }
  return problems;
}
