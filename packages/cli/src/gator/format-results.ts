import { isJsonObject, nameOf, namespaceOf, ownString, quoteGo, type JsonObject } from "@portcullis/objects";
import type { Result } from "@portcullis/policy";
import { goJson, GoStruct, type GoDocument } from "../output/go-document.ts";
import { goYamlResults } from "../output/go-yaml.ts";

/** A violation and the object that it is about. */
export interface GatorResult {
  readonly result: Result;
  readonly object: JsonObject;
}

/** Whether a result denies, by its action or by one of its scoped actions. */
export function isDenied({ result }: GatorResult): boolean {
  return result.enforcementAction === "deny" || result.scopedEnforcementActions.includes("deny");
}

/** Results in one of gator's formats; what is no format's name is text, as with gator. */
export function formatResults(results: readonly GatorResult[], format: string): string {
  switch (format.toLowerCase()) {
    case "json":
      return goJson(results.length === 0 ? null : results.map(asJson));
    case "yaml":
      return goYamlResults(results.map(asYaml));
    case "default":
      return "";
    default:
      return results.map(asText).join("");
  }
}

function asText({ result, object }: GatorResult): string {
  const namespace = namespaceOf(object);
  const name = namespace === "" ? nameOf(object) : `${namespace}/${nameOf(object)}`;
  const type = `${ownString(object, "apiVersion") ?? ""}/${ownString(object, "kind") ?? ""}`;
  return `${type} ${name}: [${quoteGo(nameOf(result.constraint))}] Message: ${quoteGo(result.message)}\n`;
}

type Field = readonly [name: string, value: GoDocument];

function asJson({ result, object }: GatorResult): GoDocument {
  const { target, message, writtenDetails: details, constraint, enforcementAction, scopedEnforcementActions } = result;
  // Fields that are empty are left out, as Go's omitempty has it.
  const fields: Field[] = [["target", target]];
  if (message !== "") fields.push(["msg", message]);
  if (details !== undefined) fields.push(["metadata", { details }]);
  fields.push(["constraint", constraint]);
  if (enforcementAction !== "") fields.push(["enforcementAction", enforcementAction]);
  if (scopedEnforcementActions.length > 0) fields.push(["scopedActions", scopedEnforcementActions]);
  fields.push(["violatingObject", object], ["trace", null]);
  return new GoStruct(fields);
}

function asYaml({ result, object }: GatorResult): GoDocument {
  const { target, message, writtenDetails: details, constraint, enforcementAction, scopedEnforcementActions } = result;
  return new GoStruct([
    [
      "result",
      new GoStruct([
        ["target", target],
        ["msg", message],
        ["metadata", details === undefined ? {} : { details }],
        ["constraint", new GoStruct([["object", isJsonObject(constraint) ? constraint : {}]])],
        ["enforcementaction", enforcementAction],
        ["scopedenforcementactions", scopedEnforcementActions],
      ]),
    ],
    ["violatingObject", object],
    ["trace", null],
  ]);
}
