import type { ServerResponse } from "node:http";
import type { ApiObject, Fields } from "../storage/api-object.ts";
import type { Change, Store } from "../storage/store.ts";
import { json } from "../server/answer.ts";
import type { RequestContext } from "../server/context.ts";
import { asVersion, resourceOf, type Target } from "../server/kind-table.ts";
import { isSelected, type Selection, futureVersion } from "../server/list.ts";
import type { Shape } from "../server/media.ts";
import { badRequest, expired } from "../server/refusals.ts";
import type { StatusError } from "../server/status.ts";
import { includeObjectOf, partial, tableOf } from "../server/table.ts";

/** What a watch follows. */
export interface WatchRequest {
  readonly target: Target;
  /** Undefined: all namespaces. */
  readonly namespace: string | undefined;
  readonly selection: Selection;
  readonly query: URLSearchParams;
  readonly shape: Shape;
  readonly context: RequestContext;
  readonly now: () => Date;
}

/** A watch that is being served. */
export interface LiveWatch {
  readonly resource: string;
  /** Ends the stream as a server does that goes away: mid-flight, without a word. */
  drop(): void;
  /** Ends the stream with an ERROR event that says the version is too old. */
  expire(): void;
  /** Ends the stream in good order. */
  finish(): void;
}

const bookmarkEvery = 60_000;
const mostUnread = 64 * 1024 * 1024;
const longestDefault = 30 * 60;

/**
 * Streams the changes of a resource, one JSON document a line. What a selector hides is shown as DELETED when it stops
 * being selected and as ADDED when it begins.
 */
export function streamWatch(store: Store, request: WatchRequest, response: ServerResponse): LiveWatch {
  return new WatchStream(store, request, response);
}

class WatchStream implements LiveWatch {
  readonly resource: string;
  private readonly request: WatchRequest;
  private readonly response: ServerResponse;
  private readonly store: Store;
  private readonly bookmarks: boolean;
  private headed = false;
  private sent = 0;
  private ended = false;
  private readonly stops: (() => void)[] = [];

  constructor(store: Store, request: WatchRequest, response: ServerResponse) {
    this.store = store;
    this.request = request;
    this.response = response;
    this.resource = resourceOf(request.target.kind);
    this.bookmarks = isTrue(request.query.get("allowWatchBookmarks"));
    const start = this.startingPoint();
    // Refusals come before the first byte: after it only ERROR events can tell.
    response.writeHead(200, { "Content-Type": "application/json", "Cache-Control": "no-cache, private" });
    response.flushHeaders();
    for (const object of start.initial) this.offer("ADDED", object);
    if (start.marksEnd) this.bookmark({ "k8s.io/initial-events-end": "true" });
    this.sent = Math.max(this.sent, start.revision);
    this.follow(start.revision);
    this.setTimers();
    response.on("close", () => this.stop());
  }

  private startingPoint(): { initial: readonly ApiObject[]; revision: number; marksEnd: boolean } {
    const { query } = this.request;
    const version = query.get("resourceVersion") ?? "";
    const sendInitial = query.get("sendInitialEvents");
    if (sendInitial !== null && query.get("resourceVersionMatch") !== "NotOlderThan") {
      throw badRequest(
        "sendInitialEvents: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
      );
    }
    const { items, revision } = this.store.list(this.resource);
    if (isTrue(sendInitial)) return { initial: items, revision, marksEnd: this.bookmarks };
    if (version === "" || version === "0") {
      // `sendInitialEvents=false` asks for nothing but what comes.
      const initial = sendInitial === null ? items : [];
      return { initial, revision, marksEnd: false };
    }
    if (!/^[0-9]+$/.test(version))
      throw badRequest(
        `resourceVersion: Invalid value: ${JSON.stringify(version)}: strconv.ParseUint: parsing ${JSON.stringify(version)}: invalid syntax`,
      );
    const asked = Number(version);
    if (asked > revision) throw futureVersion(asked, revision);
    return { initial: [], revision: asked, marksEnd: false };
  }

  private follow(revision: number): void {
    const watching = this.store.watch(this.resource, revision, (change) => this.take(change));
    if (watching.ok) this.stops.push(watching.stop);
    else if (watching.refusal.kind === "expired") {
      // Within a stream, as the API server does it: kubectl and informers list anew.
      this.fail(expired(`too old resource version: ${revision} (${watching.refusal.oldest})`));
    } else this.finish();
  }

  private setTimers(): void {
    const seconds = Number(this.request.query.get("timeoutSeconds") ?? "0");
    const limit = seconds > 0 ? seconds : longestDefault * (1 + Math.random());
    const end = setTimeout(() => this.finish(), limit * 1000);
    const beat = setInterval(() => this.bookmark(), bookmarkEvery);
    end.unref();
    beat.unref();
    this.stops.push(
      () => clearTimeout(end),
      () => clearInterval(beat),
    );
  }

  private take(change: Change): void {
    this.sent = change.revision;
    const { selection, target } = this.request;
    const now = change.type !== "DELETED" && isSelected(target.kind, selection, change.object);
    const before = change.previous !== undefined && isSelected(target.kind, selection, change.previous);
    if (!this.isInNamespace(change.object)) return;
    if (now) this.send(before ? "MODIFIED" : "ADDED", change.object);
    else if (before) this.send("DELETED", lastState(change));
  }

  private offer(type: "ADDED", object: ApiObject): void {
    const { selection, target } = this.request;
    if (this.isInNamespace(object) && isSelected(target.kind, selection, object)) this.send(type, object);
  }

  private isInNamespace(object: ApiObject): boolean {
    const { namespace } = this.request;
    return namespace === undefined || (object.metadata.namespace ?? "") === namespace;
  }

  private send(type: string, object: ApiObject): void {
    this.write({ type, object: this.shown(asVersion(this.request.target, object)) });
  }

  private shown(object: ApiObject): Fields | ApiObject {
    const { shape, target, query, now } = this.request;
    switch (shape.kind) {
      case "object":
        return object;
      case "partial":
        return partial(object, shape.version);
      case "table": {
        const head = !this.headed;
        this.headed = true;
        const options = { now: now(), include: includeObjectOf(query), meta: shape.version, head };
        return tableOf(target.version, [object], { resourceVersion: object.metadata.resourceVersion }, options);
      }
    }
  }

  private bookmark(annotations?: Readonly<Record<string, string>>): void {
    if (!this.bookmarks || this.ended) return;
    const { target, shape } = this.request;
    const metadata = {
      resourceVersion: String(Math.max(this.sent, this.store.revision)),
      creationTimestamp: null,
      ...(annotations === undefined ? {} : { annotations }),
    };
    const { group, kind } = target.kind;
    const apiVersion = group === "" ? target.version.name : `${group}/${target.version.name}`;
    const bare = { kind, apiVersion, metadata };
    if (shape.kind === "table") {
      const table = {
        kind: "Table",
        apiVersion: `meta.k8s.io/${shape.version}`,
        metadata: { resourceVersion: metadata.resourceVersion },
        columnDefinitions: [],
        rows: [],
      };
      this.write({ type: "BOOKMARK", object: table });
    } else if (shape.kind === "partial") {
      this.write({
        type: "BOOKMARK",
        object: { kind: "PartialObjectMetadata", apiVersion: `meta.k8s.io/${shape.version}`, metadata },
      });
    } else this.write({ type: "BOOKMARK", object: bare });
  }

  private write(event: Fields): void {
    if (this.ended) return;
    this.response.write(`${json(event, false)}\n`);
    // A client that does not read is let go, before what it does not read fills the memory.
    if (this.response.writableLength > mostUnread) this.drop();
  }

  private fail(error: StatusError): void {
    this.write({ type: "ERROR", object: error.status });
    this.finish();
  }

  expire(): void {
    this.fail(expired("The resourceVersion for the provided watch is too old."));
  }

  drop(): void {
    this.stop();
    this.response.destroy();
  }

  finish(): void {
    this.stop();
    this.response.end();
  }

  private stop(): void {
    this.ended = true;
    for (const stop of this.stops.splice(0)) stop();
  }
}

function isTrue(text: string | null): boolean {
  return text === "true" || text === "1";
}

/** An object that left: its last state, with the version of its leaving. */
function lastState({ type, object, previous }: Change): ApiObject {
  if (type === "DELETED" || previous === undefined) return object;
  return { ...previous, metadata: { ...previous.metadata, resourceVersion: object.metadata.resourceVersion } };
}
