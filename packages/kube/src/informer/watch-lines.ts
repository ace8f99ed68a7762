import { isJsonObject, own, ownString, readJson, resourceVersionOf, type JsonObject } from "@portcullis/objects";
import { statusOf, type ApiStatus } from "../client/status.ts";

/** One line of a watch. */
export type WatchLine =
  | { readonly kind: "added" | "modified" | "deleted"; readonly object: JsonObject }
  | { readonly kind: "bookmark"; readonly resourceVersion: string }
  | { readonly kind: "error"; readonly status: ApiStatus }
  /** A line that cannot be read. It is reported and skipped: one bad object must not stop the others. */
  | { readonly kind: "unreadable"; readonly message: string };

/** The lines of a watch's body as events, however the bytes were cut. */
export async function* readWatch(body: AsyncIterable<string>): AsyncGenerator<WatchLine> {
  let rest = "";
  for await (const chunk of body) {
    rest += chunk;
    let from = 0;
    for (let end = rest.indexOf("\n"); end !== -1; end = rest.indexOf("\n", from)) {
      const line = rest.slice(from, end).trim();
      from = end + 1;
      if (line !== "") yield readLine(line);
    }
    rest = rest.slice(from);
  }
  if (rest.trim() !== "") yield readLine(rest);
}

function readLine(line: string): WatchLine {
  const parsed = readJson(line);
  if (!parsed.ok) return { kind: "unreadable", message: parsed.message };
  const object = own(parsed.value, "object");
  const type = ownString(parsed.value, "type") ?? "";
  if (!isJsonObject(object)) return { kind: "unreadable", message: `an event of type \`${type}\` has no object` };
  switch (type) {
    case "ADDED":
      return { kind: "added", object };
    case "MODIFIED":
      return { kind: "modified", object };
    case "DELETED":
      return { kind: "deleted", object };
    case "BOOKMARK":
      return { kind: "bookmark", resourceVersion: resourceVersionOf(object) };
    case "ERROR":
      return { kind: "error", status: statusOf(object) };
    default:
      return { kind: "unreadable", message: `an event of the unknown type \`${type}\`` };
  }
}
