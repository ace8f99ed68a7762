import type { IncomingHttpHeaders } from "node:http";
import { notAcceptable } from "./refusals.ts";

/** How an answer is to be shown. */
export interface Shape {
  readonly kind: "object" | "table" | "partial";
  /** The version of meta.k8s.io that was asked for. */
  readonly version: string;
  readonly format: "json" | "yaml";
  readonly pretty: boolean;
}

/** One clause of an Accept header. */
export interface MediaRange {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly quality: number;
}

/** Reads an Accept header, most wanted first. */
export function readAccept(header: string): readonly MediaRange[] {
  const ranges = header
    .split(",")
    .map((clause) => clause.trim())
    .filter((clause) => clause !== "")
    .map(readRange);
  return ranges.toSorted((left, right) => right.quality - left.quality);
}

function readRange(clause: string): MediaRange {
  const [type = "", ...rest] = clause.split(";").map((part) => part.trim());
  const parameters = new Map<string, string>();
  for (const part of rest) {
    const equals = part.indexOf("=");
    if (equals > 0) parameters.set(part.slice(0, equals).toLowerCase(), part.slice(equals + 1));
  }
  const quality = Number(parameters.get("q") ?? "1");
  return { type: type.toLowerCase(), parameters, quality: Number.isNaN(quality) ? 1 : quality };
}

const accepted = ["application/json", "application/yaml"];

/** The media types a body may have. */
export const bodyTypes: readonly string[] = [...accepted];

/** What a client wants, from its Accept header and the `pretty` parameter. */
export function negotiate(headers: IncomingHttpHeaders, query: URLSearchParams): Shape {
  const header = headers.accept ?? "*/*";
  const pretty = isPretty(headers, query);
  for (const range of readAccept(header === "" ? "*/*" : header)) {
    const shape = shapeOf(range, pretty);
    if (shape !== undefined) return shape;
  }
  throw notAcceptable(accepted);
}

function isPretty(headers: IncomingHttpHeaders, query: URLSearchParams): boolean {
  const asked = query.get("pretty");
  if (asked !== null) return asked !== "false" && asked !== "0";
  return /^(curl|Wget|Mozilla)/.test(headers["user-agent"] ?? "");
}

function shapeOf({ type, parameters }: MediaRange, pretty: boolean): Shape | undefined {
  const format = formatOf(type);
  if (format === undefined) return undefined;
  const as = parameters.get("as");
  if (as === undefined) return { kind: "object", version: "v1", format, pretty };
  const version = parameters.get("v") ?? "";
  if (parameters.get("g") !== "meta.k8s.io" || (version !== "v1" && version !== "v1beta1")) return undefined;
  if (as === "Table") return { kind: "table", version, format, pretty };
  if (as === "PartialObjectMetadata" || as === "PartialObjectMetadataList") {
    return { kind: "partial", version, format, pretty };
  }
  return undefined;
}

function formatOf(type: string): "json" | "yaml" | undefined {
  switch (type) {
    case "application/json":
    case "application/*":
    case "*/*":
      return "json";
    case "application/yaml":
      return "yaml";
    default:
      return undefined;
  }
}

/** The media type of a Content-Type header without its parameters. */
export function mediaType(header: string | undefined): string {
  return (header ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
}
