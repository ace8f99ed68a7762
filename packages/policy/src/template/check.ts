import { quoteGo } from "@portcullis/objects";
import { failure, success, type Outcome } from "../problem.ts";
import { targetName, type ConstraintTemplate } from "./template.ts";

const prefix = "invalid ConstraintTemplate";

/**
 * Gatekeeper's rules for a template that need neither its schema nor its code. Where several are broken, its webhook tells
 * of the names first, and who puts a template into force of the number of targets.
 */
export function checkTemplate(
  template: ConstraintTemplate,
  at: "admission" | "ingestion",
): Outcome<ConstraintTemplate> {
  const checks = at === "admission" ? [checkNames, checkTargets] : [checkTargets, checkNames];
  for (const check of [...checks, checkTargetName]) {
    const checked = check(template);
    if (!checked.ok) return checked;
  }
  return success(template);
}

function checkTargets(template: ConstraintTemplate): Outcome<ConstraintTemplate> {
  const { targets } = template;
  const [target] = targets;
  if (targets.length !== 1 || target === undefined) {
    return failure("template", `${prefix}: must declare exactly one target`, {
      help: `give spec.targets one entry, with target: ${targetName}; it has ${targets.length}`,
    });
  }
  if (target.target === "") return failure("template", `${prefix}: target name must not be empty`);
  return success(template);
}

function checkNames(template: ConstraintTemplate): Outcome<ConstraintTemplate> {
  const { name, kind } = template;
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
  return success(template);
}

function checkTargetName(template: ConstraintTemplate): Outcome<ConstraintTemplate> {
  const target = template.targets[0]?.target ?? "";
  if (target === targetName) return success(template);
  return failure("template", `${prefix}: target ${quoteGo(target)} not recognized, known targets [${targetName}]`);
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
