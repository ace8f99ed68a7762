import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { answer } from "./answer.ts";
import { aggregatedDiscovery, coreVersions, groupDocument, groupList, resourceList } from "./discovery.ts";
import { readAccept } from "./media.ts";
import { openApiIndex, openApiV2, openApiV2Protobuf, openApiV3 } from "./open-api.ts";
import { methodNotAllowed, noSuchPath } from "./refusals.ts";
import type { Registry } from "./registry.ts";

/** What `/version` says: the release whose behaviour is followed. */
const version = {
  major: "1",
  minor: "33",
  emulationMajor: "1",
  emulationMinor: "33",
  minCompatibilityMajor: "1",
  minCompatibilityMinor: "32",
  gitVersion: "v1.33.4",
  gitCommit: "",
  gitTreeState: "clean",
  buildDate: "2026-07-15T00:00:00Z",
  goVersion: "",
  compiler: "",
  platform: "linux/amd64",
};

const json = { format: "json", pretty: false } as const;

/** What requests outside resources need. */
export interface MetaServing {
  readonly registry: Registry;
  readonly address: string;
  readonly isReady: () => boolean;
}

/** Answers what is not about a resource: discovery, OpenAPI, health and version. */
export async function handleMeta(
  serving: MetaServing,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== "GET" && request.method !== "HEAD") throw methodNotAllowed();
  const parts = path.split("/").filter((part) => part !== "");
  switch (parts[0]) {
    case undefined:
      return answer(
        response,
        undefined,
        200,
        { paths: ["/api", "/apis", "/healthz", "/livez", "/openapi/v2", "/openapi/v3", "/readyz", "/version"] },
        json,
      );
    case "version":
      return answer(response, undefined, 200, version, json);
    case "healthz":
    case "livez":
    case "readyz":
      return health(serving, parts, request, response);
    case "api":
    case "apis":
      return discovery(serving, parts, request, response);
    case "openapi":
      return openApi(serving, parts.slice(1), request, response);
    default:
      throw noSuchPath();
  }
}

function health(
  serving: MetaServing,
  parts: readonly string[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const ready = serving.isReady() || parts[0] === "livez";
  const verbose = (request.url ?? "").includes("verbose");
  const text = ready
    ? verbose
      ? `[+]ping ok\n${parts[0]} check passed\n`
      : "ok"
    : `[-]admission failed: not ready\n${parts[0]} check failed\n`;
  response.writeHead(ready ? 200 : 500, { "Content-Type": "text/plain; charset=utf-8" });
  response.end(text);
  return Promise.resolve();
}

function wantsAggregated(request: IncomingMessage): "v2" | "v2beta1" | undefined {
  for (const { type, parameters } of readAccept(request.headers.accept ?? "")) {
    if (type !== "application/json" || parameters.get("g") !== "apidiscovery.k8s.io") continue;
    const asked = parameters.get("v");
    if (parameters.get("as") === "APIGroupDiscoveryList" && (asked === "v2" || asked === "v2beta1")) return asked;
  }
  return undefined;
}

async function discovery(
  serving: MetaServing,
  parts: readonly string[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { kinds } = serving.registry;
  const core = parts[0] === "api";
  response.setHeader("Vary", "Accept");
  if (parts.length === 1) {
    const aggregated = wantsAggregated(request);
    if (aggregated === undefined) {
      return answer(response, undefined, 200, core ? coreVersions(serving.address) : groupList(kinds), json);
    }
    const body = JSON.stringify(aggregatedDiscovery(kinds, core ? "core" : "groups", aggregated));
    return sendTagged(
      response,
      request,
      body,
      `application/json;g=apidiscovery.k8s.io;v=${aggregated};as=APIGroupDiscoveryList`,
    );
  }
  const document = core
    ? parts.length === 2
      ? resourceList(kinds, "", parts[1] ?? "")
      : undefined
    : parts.length === 2
      ? groupDocument(kinds, parts[1] ?? "")
      : parts.length === 3
        ? resourceList(kinds, parts[1] ?? "", parts[2] ?? "")
        : undefined;
  if (document === undefined) throw noSuchPath();
  return answer(response, undefined, 200, document, json);
}

function sendTagged(
  response: ServerResponse,
  request: IncomingMessage,
  body: string,
  contentType: string,
): Promise<void> {
  const tag = `"${createHash("sha256").update(body).digest("hex").toUpperCase()}"`;
  const headers = { ETag: tag, "Cache-Control": "public", "Content-Type": contentType };
  if (request.headers["if-none-match"] === tag) {
    response.writeHead(304, headers);
    response.end();
  } else {
    response.writeHead(200, { ...headers, "Content-Length": Buffer.byteLength(body) });
    response.end(body);
  }
  return Promise.resolve();
}

const protobufV2 = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";
// Asked for with an @, which no media type may hold, and answered with a dot.
const protobufV2Answer = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

async function openApi(
  serving: MetaServing,
  parts: readonly string[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { kinds, schemas } = serving.registry;
  const hash = String(kinds.generation);
  if (parts[0] === "v2") {
    if ((request.headers.accept ?? "").startsWith(protobufV2)) {
      response.writeHead(200, { "Content-Type": protobufV2Answer });
      response.end(openApiV2Protobuf());
      return;
    }
    return sendTagged(response, request, JSON.stringify(openApiV2(kinds, schemas)), "application/json");
  }
  if (parts[0] !== "v3") throw noSuchPath();
  if (parts.length === 1) return answer(response, undefined, 200, openApiIndex(kinds, hash), json);
  const [, root, first = "", second = ""] = parts;
  const document =
    root === "api" && parts.length === 3
      ? openApiV3(kinds, schemas, "", first)
      : root === "apis" && parts.length === 4
        ? openApiV3(kinds, schemas, first, second)
        : undefined;
  if (document === undefined) throw noSuchPath();
  return sendTagged(response, request, JSON.stringify(document), "application/json");
}
