import type { Annotation } from "./ast.ts";
import { jsonObject, jsonString } from "./json-text.ts";

/** An annotation as OPA's JSON. */
export function annotationToJson(annotation: Annotation, location: string | undefined): string {
  return jsonObject([
    ["location", location],
    ["scope", jsonString(annotation.scope)],
  ]);
}
