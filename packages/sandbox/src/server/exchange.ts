import type { IncomingMessage, ServerResponse } from "node:http";
import type { LiveWatch, WatchRequest } from "../watch/watch-stream.ts";
import type { RequestContext } from "./context.ts";
import type { Target } from "./kind-table.ts";
import type { Lister } from "./list.ts";
import type { Registry } from "./registry.ts";

/** What every handler of resources works with. */
export interface Serving {
  readonly registry: Registry;
  readonly lister: Lister;
  readonly now: () => Date;
  /** Begins a watch and keeps account of it. */
  readonly watch: (request: WatchRequest, response: ServerResponse) => LiveWatch;
}

/** One request about a resource, on its way through the handlers. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
  readonly target: Target;
  /** Empty for cluster-scoped kinds and for requests across namespaces. */
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
  readonly isWatch: boolean;
  /** Made once the options are known. */
  readonly context: (dryRun?: boolean) => RequestContext;
}
