import { quoteGo } from "@portcullis/objects";
import { failure, success, type Outcome } from "../problem.ts";
import { targetName, type ConstraintTemplate } from "./template.ts";

const prefix = "invalid ConstraintTemplate";

/** Gatekeeper's rules for a template that need neither its schema nor its code. */
export function checkTemplate(template: ConstraintTemplate): Outcome<ConstraintTemplate> {
  const { name, kind, targets } = template;
  const [target] = targets;
  if (targets.length !== 1 || target === undefined) {
    return failure("template", `${prefix}: must declare exactly one target`, {
      help: `give spec.targets one entry, with target: ${targetName}; it has ${targets.length}`,
    });
  }
  if (target.target === "") return failure("template", `${prefix}: target name must not be empty`);
  if (kind === "")
    return failure("template", `${prefix}: ConstraintTemplate ${quoteGo(name)} does not specify CRD Kind`);
  if (name.toLowerCase() !== kind.toLowerCase()) {
    const lower = kind.toLowerCase();
    return failure(
      "template",
      `${prefix}: the ConstraintTemplate's name ${quoteGo(name)} is not equal to the lowercase of CRD's Kind: ${quoteGo(lower)}`,
      { help: `set metadata.name to ${lower}` },
    );
  }
  if (target.target !== targetName) {
    const known = `known targets [${targetName}]`;
    return failure("template", `${prefix}: target ${quoteGo(target.target)} not recognized, ${known}`);
  }
  return success(template);
}

/** The webhook's further rule about operations; its text has no prefix. */
export function checkOperations(template: ConstraintTemplate): Outcome<ConstraintTemplate> {
  for (const { operations } of template.targets) {
    if (operations !== undefined && operations.length > 1 && operations.includes("*")) {
      return failure("template", "if '*' is present, must not specify other operations");
    }
  }
  return success(template);
}
