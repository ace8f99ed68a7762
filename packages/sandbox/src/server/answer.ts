import type { ServerResponse } from "node:http";
import { writeJson } from "@portcullis/objects";
import type { RequestContext } from "./context.ts";
import type { Shape } from "./media.ts";
import { asJson } from "./metadata.ts";
import type { Status } from "./status.ts";

/** The Warning headers of a request: RFC 7234's form, which kubectl prints. */
export function warningHeaders(context: RequestContext): readonly string[] {
  return [...context.warnings].map((text) => `299 - ${JSON.stringify(text.replaceAll(/[\r\n]+/g, " "))}`);
}

/** JSON as the API writes it, bigints as integers. */
export function json(value: unknown, pretty: boolean): string {
  return writeJson(asJson(value) ?? null, pretty ? 2 : undefined);
}

/** Sends an object. */
export async function answer(
  response: ServerResponse,
  context: RequestContext | undefined,
  code: number,
  body: unknown,
  shape: Pick<Shape, "format" | "pretty">,
): Promise<void> {
  const text = shape.format === "yaml" ? await yaml(body) : `${json(body, shape.pretty)}\n`;
  const warnings = context === undefined ? [] : warningHeaders(context);
  response.writeHead(code, {
    "Content-Type": shape.format === "yaml" ? "application/yaml" : "application/json",
    "Content-Length": Buffer.byteLength(text),
    "Cache-Control": "no-cache, private",
    ...(warnings.length === 0 ? {} : { Warning: latin1(warnings) }),
  });
  response.end(text);
}

// Header values are bytes: text beyond Latin-1 goes out as its UTF-8 bytes, which is how Go reads them.
function latin1(texts: readonly string[]): string[] {
  return texts.map((text) => Buffer.from(text, "utf8").toString("latin1"));
}

async function yaml(body: unknown): Promise<string> {
  const { writeYaml } = await import("@portcullis/objects/yaml");
  return writeYaml(asJson(body) ?? null, { sortKeys: true });
}

/** Sends a Status of failure. */
export function answerStatus(response: ServerResponse, context: RequestContext | undefined, status: Status): void {
  const text = `${json(status, false)}\n`;
  const retry = status.details?.retryAfterSeconds;
  const warnings = context === undefined ? [] : warningHeaders(context);
  response.writeHead(status.code, {
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(text),
    "Cache-Control": "no-cache, private",
    ...(retry === undefined ? {} : { "Retry-After": String(retry) }),
    ...(warnings.length === 0 ? {} : { Warning: latin1(warnings) }),
  });
  response.end(text);
}
