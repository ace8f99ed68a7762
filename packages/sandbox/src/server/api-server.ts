import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { User } from "../kinds/kind.ts";
import { streamWatch, type LiveWatch } from "../watch/watch-stream.ts";
import { answerStatus } from "./answer.ts";
import type { RequestContext } from "./context.ts";
import type { Exchange, Serving } from "./exchange.ts";
import { apiVersionOf, type Target } from "./kind-table.ts";
import { Lister } from "./list.ts";
import { handleMeta } from "./meta-handler.ts";
import { readFieldValidation } from "./options.ts";
import { internalError, isNoSuchPath, noSuchPath, unauthorized } from "./refusals.ts";
import type { Registry } from "./registry.ts";
import { requestInfo } from "./request-info.ts";
import { handleResource } from "./resource-handler.ts";
import { StatusError } from "./status.ts";

/** What a fault may do to a request before it is handled. */
export interface RequestHook {
  /** Resolves when the request may go on; true when the hook has answered it itself. */
  before(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
}

/** How the server is built. */
export interface ApiServerOptions {
  readonly registry: Registry;
  readonly certificate: string;
  readonly privateKey: string;
  /** Who a bearer token stands for. */
  readonly users: ReadonlyMap<string, User>;
  readonly now: () => Date;
  readonly isReady: () => boolean;
  readonly hook?: RequestHook;
  /** Told of faults of the server's own. */
  readonly report: (error: unknown) => void;
}

/** The API over HTTPS on the loopback interface. */
export class ApiServer {
  readonly lister: Lister;
  private readonly options: ApiServerOptions;
  private readonly server: Server;
  private readonly watches = new Set<LiveWatch>();
  private readonly serving: Serving;

  constructor(options: ApiServerOptions) {
    this.options = options;
    this.lister = new Lister(options.registry.store);
    this.serving = {
      registry: options.registry,
      lister: this.lister,
      now: options.now,
      watch: (request, response) => {
        const live = streamWatch(options.registry.store, request, response);
        this.watches.add(live);
        response.on("close", () => this.watches.delete(live));
        return live;
      },
    };
    this.server = createServer({ cert: options.certificate, key: options.privateKey, minVersion: "TLSv1.2" });
    // A watch is silent for long; the API server keeps connections as long as clients do.
    this.server.requestTimeout = 0;
    this.server.keepAliveTimeout = 90_000;
    this.server.on("request", (request, response) => void this.handle(request, response));
  }

  /** Begins to listen; 0 takes any free port. Rejects when the port is taken. */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(port, "127.0.0.1", () => {
        this.server.off("error", reject);
        // A server that listens on a port has an address of this form.
        resolve((this.server.address() as AddressInfo).port);
      });
    });
  }

  /** The watches being served, for faults. */
  liveWatches(): readonly LiveWatch[] {
    return [...this.watches];
  }

  /** Ends every request and frees the port. */
  close(): Promise<void> {
    for (const watch of this.watches) watch.drop();
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let context: RequestContext | undefined;
    try {
      if (this.options.hook !== undefined && (await this.options.hook.before(request, response))) return;
      await this.route(request, response, (made) => (context = made));
    } catch (error) {
      this.refuse(response, context, error);
    }
  }

  private refuse(response: ServerResponse, context: RequestContext | undefined, error: unknown): void {
    if (!(error instanceof StatusError)) this.options.report(error);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const refusal =
      error instanceof StatusError ? error : internalError(error instanceof Error ? error.message : String(error));
    if (isNoSuchPath(refusal)) {
      response.writeHead(404, { "Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff" });
      response.end("404 page not found\n");
    } else answerStatus(response, context, refusal.status);
  }

  private route(
    request: IncomingMessage,
    response: ServerResponse,
    note: (context: RequestContext) => void,
  ): Promise<void> {
    const url = new URL(request.url ?? "/", "https://localhost");
    const info = requestInfo(url.pathname);
    const isOpen = info.kind === "other" && /^\/(version|healthz|livez|readyz)(\/|$)/.test(info.path);
    const user = actingUser(this.authenticate(request), request);
    if (user === undefined && !isOpen) throw unauthorized();
    if (info.kind === "other") {
      const serving = {
        registry: this.options.registry,
        address: request.headers.host ?? "",
        isReady: this.options.isReady,
      };
      return handleMeta(serving, info.path, request, response);
    }
    const target = this.options.registry.kinds.target(info.group, info.version, info.resource);
    if (target === undefined || user === undefined) throw noSuchPath();
    const exchange: Exchange = {
      request,
      response,
      query: url.searchParams,
      target,
      // The namespace of a namespace's own path is itself, which is where it lives in no other sense.
      namespace: target.kind.namespaced ? info.namespace : "",
      name: info.name,
      subresource: info.subresource,
      isWatch: info.watch,
      context: (dryRun = false) => {
        const context = this.contextOf(request, url.searchParams, user, dryRun);
        const deprecation = deprecationOf(target);
        if (deprecation !== undefined) context.warnings.add(deprecation);
        note(context);
        return context;
      },
    };
    return handleResource(this.serving, exchange);
  }

  private contextOf(request: IncomingMessage, query: URLSearchParams, user: User, dryRun: boolean): RequestContext {
    const agent = request.headers["user-agent"] ?? "unknown";
    return {
      user,
      now: this.options.now(),
      dryRun,
      fieldManager: (query.get("fieldManager") ?? "") || (agent.split("/", 1)[0] ?? "unknown"),
      fieldValidation: readFieldValidation(query),
      warnings: new Set(),
    };
  }

  private authenticate(request: IncomingMessage): User | undefined {
    const [, token] = /^Bearer (.+)$/.exec(request.headers.authorization ?? "") ?? [];
    if (token === undefined) return undefined;
    for (const [known, user] of this.options.users) if (sameText(known, token)) return user;
    return undefined;
  }
}

/** Whoever may do everything may also do it as somebody else (`kubectl --as`). */
function actingUser(user: User | undefined, request: IncomingMessage): User | undefined {
  const name = request.headers["impersonate-user"];
  if (user?.groups.includes("system:masters") !== true || typeof name !== "string") return user;
  const uid = request.headers["impersonate-uid"];
  // Node joins repeated headers that it does not know.
  const groups = request.headersDistinct["impersonate-group"] ?? [];
  return {
    name,
    groups: [...groups, ...(name === "system:anonymous" ? [] : ["system:authenticated"])],
    ...(typeof uid === "string" ? { uid } : {}),
  };
}

function deprecationOf({ kind, version }: Target): string | undefined {
  if (version.deprecated === undefined) return undefined;
  if (version.deprecated !== true) return version.deprecated;
  return `${apiVersionOf(kind.group, version.name)} ${kind.kind} is deprecated`;
}

function sameText(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
