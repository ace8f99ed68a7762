import {
  isJsonArray,
  isJsonObject,
  nameOf,
  namespaceOf,
  own,
  ownString,
  readJson,
  writeJson,
} from "@portcullis/objects";
import type { JsonObject, JsonValue } from "@portcullis/objects";
import { pathOf, type Resource } from "./resource.ts";
import { ApiError, readStatus, type ApiResult } from "./status.ts";
import type { ApiRequest, Transport } from "./transport.ts";

/** Which objects of a collection. */
export interface ListSelection {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** A collection at one point in time. */
export interface ObjectList {
  readonly items: readonly JsonObject[];
  /** Where a watch goes on from. */
  readonly resourceVersion: string;
}

/** Where one object is. */
export interface ObjectAddress {
  readonly name: string;
  readonly namespace?: string;
}

/** The ways to write a patch. */
export type PatchKind = "json" | "merge" | "strategic";

/** How an object is applied. */
export interface ApplyOptions {
  readonly fieldManager: string;
  /** Takes fields over that another manager owns. */
  readonly force?: boolean;
  readonly subresource?: string;
  /** Whether all is done but writing. */
  readonly dryRun?: boolean;
  /** What becomes of fields that the server does not know; its own choice where absent. */
  readonly fieldValidation?: "Strict" | "Warn" | "Ignore";
}

const patchTypes: Readonly<Record<PatchKind, string>> = {
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
};

/** Objects to a page of a list: what kubectl asks for, and what an API server answers without effort. */
const pageSize = 500;

/** How long an answer may take, its body included. Nobody is to wait for ever for a connection that died unnoticed. */
export interface Patience {
  readonly objectMilliseconds: number;
  /** A page of a list is large, and the server may read it from its disk. */
  readonly pageMilliseconds: number;
}

const usualPatience: Patience = { objectMilliseconds: 15_000, pageMilliseconds: 60_000 };

/**
 * The API server's verbs. What the server refuses is a value; what fails on the way is thrown. Nothing is retried here:
 * who calls knows whether asking again is right.
 */
export class KubeClient {
  readonly #transport: Transport;
  readonly #patience: Patience;
  readonly #onWarning: ((text: string) => void) | undefined;

  constructor(
    transport: Transport,
    options: { readonly onWarning?: (text: string) => void; readonly patience?: Patience } = {},
  ) {
    this.#transport = transport;
    this.#patience = options.patience ?? usualPatience;
    this.#onWarning = options.onWarning;
  }

  /** Asks for any path; the answer's body as JSON. */
  async request(
    request: ApiRequest,
    signal?: AbortSignal,
    milliseconds: number = this.#patience.objectMilliseconds,
  ): Promise<ApiResult<JsonValue>> {
    const late = AbortSignal.timeout(milliseconds);
    const answer = await this.#transport.open(request, signal === undefined ? late : AbortSignal.any([signal, late]));
    for (const warning of answer.warnings ?? []) this.#onWarning?.(warning);
    let text = "";
    for await (const chunk of answer.body) text += chunk;
    if (answer.status < 200 || answer.status > 299) {
      return { ok: false, status: readStatus(answer.status, text, answer.retryAfterSeconds) };
    }
    if (text === "") return { ok: true, value: null };
    const parsed = readJson(text);
    if (!parsed.ok) throw new Error(`${request.method} ${request.path}: the answer is not JSON: ${parsed.message}`);
    return { ok: true, value: parsed.value };
  }

  /** One object. */
  get(resource: Resource, at: ObjectAddress, signal?: AbortSignal): Promise<ApiResult<JsonObject>> {
    return this.#object({ method: "GET", path: pathOf(resource, at) }, signal);
  }

  /**
   * A whole collection, read page by page, all pages at the same point in time; `trim` makes of each object what is
   * kept of it, as soon as its page is read.
   */
  async list(
    resource: Resource,
    selection: ListSelection = {},
    signal?: AbortSignal,
    trim: (object: JsonObject) => JsonObject = (object) => object,
  ): Promise<ApiResult<ObjectList>> {
    const items: JsonObject[] = [];
    let continueToken = "";
    let isPaged = true;
    for (;;) {
      const query = new URLSearchParams(isPaged ? { limit: String(pageSize) } : {});
      select(query, selection);
      if (continueToken !== "") query.set("continue", continueToken);
      const path = `${pathOf(resource, selection)}?${query}`;
      const page = await this.request({ method: "GET", path }, signal, this.#patience.pageMilliseconds);
      if (!page.ok) {
        // The server forgets old pages. What was read so far belongs to no point in time any more; lest it happen again
        // and again, the whole is asked for at once.
        if (page.status.code === 410 && continueToken !== "") {
          items.length = 0;
          continueToken = "";
          isPaged = false;
          continue;
        }
        return page;
      }
      const found = own(page.value, "items");
      for (const item of isJsonArray(found) ? found : []) {
        if (isJsonObject(item)) items.push(trim(withType(item, page.value)));
      }
      const metadata = own(page.value, "metadata");
      continueToken = ownString(metadata, "continue") ?? "";
      if (continueToken === "") {
        return { ok: true, value: { items, resourceVersion: ownString(metadata, "resourceVersion") ?? "" } };
      }
    }
  }

  /** Makes an object that is not there yet. */
  create(resource: Resource, object: JsonObject, signal?: AbortSignal): Promise<ApiResult<JsonObject>> {
    const path = pathOf(resource, { namespace: namespaceOf(object) });
    return this.#object({ method: "POST", path, contentType: "application/json", body: writeJson(object) }, signal);
  }

  /** Puts the object in the place of the one that is there; a resourceVersion in it must be the current one. */
  replace(resource: Resource, object: JsonObject, signal?: AbortSignal): Promise<ApiResult<JsonObject>> {
    const path = pathOf(resource, { name: nameOf(object), namespace: namespaceOf(object) });
    return this.#object({ method: "PUT", path, contentType: "application/json", body: writeJson(object) }, signal);
  }

  /** Server-side apply. */
  apply(resource: Resource, object: JsonObject, options: ApplyOptions): Promise<ApiResult<JsonObject>> {
    const query = new URLSearchParams({ fieldManager: options.fieldManager });
    if (options.force === true) query.set("force", "true");
    if (options.dryRun === true) query.set("dryRun", "All");
    if (options.fieldValidation !== undefined) query.set("fieldValidation", options.fieldValidation);
    const at = {
      name: nameOf(object),
      namespace: namespaceOf(object),
      ...(options.subresource === undefined ? {} : { subresource: options.subresource }),
    };
    return this.#object({
      method: "PATCH",
      path: `${pathOf(resource, at)}?${query}`,
      // JSON is YAML, so the content type of apply takes it.
      contentType: "application/apply-patch+yaml",
      body: writeJson(object),
    });
  }

  /** Changes an object, or its subresource, by a patch. */
  patch(
    resource: Resource,
    at: ObjectAddress & { readonly subresource?: string },
    kind: PatchKind,
    patch: JsonValue,
  ): Promise<ApiResult<JsonObject>> {
    return this.#object({
      method: "PATCH",
      path: pathOf(resource, at),
      contentType: patchTypes[kind],
      body: writeJson(patch),
    });
  }

  /** Deletes an object; with a uid only if it is still that one. */
  delete(
    resource: Resource,
    at: ObjectAddress,
    options: { readonly uid?: string } = {},
  ): Promise<ApiResult<JsonValue>> {
    const body = options.uid === undefined ? {} : { preconditions: { uid: options.uid } };
    return this.request({
      method: "DELETE",
      path: pathOf(resource, at),
      contentType: "application/json",
      body: writeJson({ apiVersion: "v1", kind: "DeleteOptions", ...body }),
    });
  }

  /** Every resource of a group and version that the server knows, subresources left out; none where it has no such group. */
  async discover(group: string, version: string): Promise<readonly Resource[]> {
    const path = group === "" ? `/api/${version}` : `/apis/${encodeURIComponent(group)}/${encodeURIComponent(version)}`;
    const answer = await this.request({ method: "GET", path });
    if (!answer.ok) {
      if (answer.status.code === 404) return [];
      throw new ApiError(`asking which resources ${group}/${version} has`, answer.status);
    }
    const listed = own(answer.value, "resources");
    const found: Resource[] = [];
    for (const entry of isJsonArray(listed) ? listed : []) {
      const plural = ownString(entry, "name") ?? "";
      if (plural === "" || plural.includes("/")) continue;
      const kind = ownString(entry, "kind") ?? "";
      const verbs = own(entry, "verbs");
      found.push({
        group,
        version,
        plural,
        kind,
        namespaced: own(entry, "namespaced") === true,
        ...(isJsonArray(verbs) ? { verbs: verbs.map(String) } : {}),
      });
    }
    return found;
  }

  /** The groups of the server beside the core's, each with the version that it prefers. */
  async groups(): Promise<readonly { readonly group: string; readonly version: string }[]> {
    const answer = await this.request({ method: "GET", path: "/apis" });
    if (!answer.ok) throw new ApiError("asking which groups there are", answer.status);
    const listed = own(answer.value, "groups");
    return (isJsonArray(listed) ? listed : []).map((entry) => ({
      group: ownString(entry, "name") ?? "",
      version: ownString(own(entry, "preferredVersion"), "version") ?? "",
    }));
  }

  /** Opens a watch; its lines are for `informer/`. */
  watch(
    resource: Resource,
    selection: ListSelection,
    from: { readonly resourceVersion: string; readonly timeoutSeconds: number },
    signal: AbortSignal,
  ): ReturnType<Transport["open"]> {
    const query = new URLSearchParams({
      watch: "true",
      allowWatchBookmarks: "true",
      resourceVersion: from.resourceVersion,
      timeoutSeconds: String(from.timeoutSeconds),
    });
    select(query, selection);
    return this.#transport.open({ method: "GET", path: `${pathOf(resource, selection)}?${query}` }, signal);
  }

  /** Ends idle connections. */
  close(): void {
    this.#transport.close();
  }

  async #object(request: ApiRequest, signal?: AbortSignal): Promise<ApiResult<JsonObject>> {
    const answer = await this.request(request, signal);
    if (!answer.ok) return answer;
    if (isJsonObject(answer.value)) return { ok: true, value: answer.value };
    throw new Error(`${request.method} ${request.path}: the answer is no object`);
  }
}

function select(query: URLSearchParams, { labelSelector, fieldSelector }: ListSelection): void {
  if (labelSelector !== undefined) query.set("labelSelector", labelSelector);
  if (fieldSelector !== undefined) query.set("fieldSelector", fieldSelector);
}

/** Items of a list carry no type of their own; they get the list's, so that they can stand alone. */
function withType(item: JsonObject, list: JsonValue): JsonObject {
  if (own(item, "kind") !== undefined) return item;
  const apiVersion = ownString(list, "apiVersion");
  const kind = ownString(list, "kind");
  if (apiVersion === undefined || kind?.endsWith("List") !== true) return item;
  return { apiVersion, kind: kind.slice(0, -"List".length), ...item };
}
