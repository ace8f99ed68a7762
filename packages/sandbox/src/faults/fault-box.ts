import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { answerStatus } from "../server/answer.ts";
import type { ApiServer, RequestHook } from "../server/api-server.ts";
import { expired, internalError, tooManyRequests } from "../server/refusals.ts";
import type { Store } from "../storage/store.ts";

/** Which requests a fault befalls. */
export interface FaultRule {
  /** By default any. */
  readonly method?: string;
  /** Matched against path and query. */
  readonly path?: RegExp;
  /** How often it strikes; by default until it is lifted. */
  readonly times?: number;
  readonly fault:
    | { readonly kind: "status"; readonly code: 410 | 429 | 500; readonly retryAfterSeconds?: number }
    | { readonly kind: "slow"; readonly milliseconds: number }
    | { readonly kind: "hang-up" };
}

/** Ways to make a sandbox behave as API servers do on bad days. For tests. */
export interface Faults {
  /** Begins a fault; the function returned lifts it. */
  inject(rule: FaultRule): () => void;
  lift(): void;
  /** Breaks the connections of all watches, or of one resource's; says how many. */
  dropWatches(resource?: string): number;
  /** Ends all watches, or one resource's, with 410. */
  expireWatches(resource?: string): number;
  /** Forgets all history and all pages, so that old versions and continue tokens get 410. */
  compact(): void;
}

interface ActiveRule extends FaultRule {
  left: number;
}

/** Holds the faults of one sandbox and does them. */
export class FaultBox implements Faults, RequestHook {
  private readonly store: Store;
  private server: ApiServer | undefined;
  private rules: ActiveRule[] = [];

  constructor(store: Store) {
    this.store = store;
  }

  /** Says whose requests and watches they are. */
  attach(server: ApiServer): void {
    this.server = server;
  }

  inject(rule: FaultRule): () => void {
    const active: ActiveRule = { ...rule, left: rule.times ?? Number.POSITIVE_INFINITY };
    this.rules.push(active);
    return () => {
      this.rules = this.rules.filter((each) => each !== active);
    };
  }

  lift(): void {
    this.rules = [];
  }

  dropWatches(resource?: string): number {
    const watches = this.watches(resource);
    for (const watch of watches) watch.drop();
    return watches.length;
  }

  expireWatches(resource?: string): number {
    const watches = this.watches(resource);
    for (const watch of watches) watch.expire();
    return watches.length;
  }

  compact(): void {
    this.store.compact();
    this.server?.lister.forget();
  }

  private watches(resource: string | undefined): ReturnType<ApiServer["liveWatches"]> {
    const all = this.server?.liveWatches() ?? [];
    return resource === undefined ? all : all.filter((watch) => watch.resource === resource);
  }

  async before(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const rule = this.rules.find(
      (each) =>
        each.left > 0 &&
        (each.method === undefined || each.method === request.method) &&
        (each.path === undefined || each.path.test(request.url ?? "")),
    );
    if (rule === undefined) return false;
    rule.left -= 1;
    const { fault } = rule;
    switch (fault.kind) {
      case "slow":
        await sleep(fault.milliseconds);
        return false;
      case "hang-up":
        request.socket.destroy();
        return true;
      case "status":
        answerStatus(response, undefined, statusOf(fault.code, fault.retryAfterSeconds ?? 1));
        return true;
    }
  }
}

function statusOf(code: 410 | 429 | 500, retryAfterSeconds: number): ReturnType<typeof internalError>["status"] {
  switch (code) {
    case 410:
      return expired("The resourceVersion for the provided watch is too old.").status;
    case 429:
      return tooManyRequests(
        "the server has received too many requests and has asked us to try again later",
        retryAfterSeconds,
      ).status;
    case 500:
      return internalError("a fault was injected").status;
  }
}
