import {
  matchesFields,
  matchesLabels,
  parseFieldSelector,
  parseLabelSelector,
  type FieldSelector,
  type LabelSelector,
} from "@portcullis/objects";
import type { Kind } from "../kinds/kind.ts";
import type { ApiObject } from "../storage/api-object.ts";
import type { Store } from "../storage/store.ts";
import { resourceOf, type Target } from "./kind-table.ts";
import { badRequest, expired, expiredPage, timedOut } from "./refusals.ts";

/** Which objects a request is after. */
export interface Selection {
  readonly labels: LabelSelector;
  readonly fields: FieldSelector;
}

/** Reads the selectors of a query; a bad one is the client's error. */
export function readSelection(kind: Kind, query: URLSearchParams): Selection {
  const labels = parseLabelSelector(query.get("labelSelector") ?? "");
  if (!labels.ok)
    throw badRequest(
      `unable to parse requirement: ${labels.message}`.replace(/^(unable to parse requirement: )+/, "$1"),
    );
  const fields = parseFieldSelector(query.get("fieldSelector") ?? "");
  if (!fields.ok) throw badRequest(fields.message);
  for (const { field } of fields.selector) {
    if (field === "metadata.name" || field === "metadata.namespace") continue;
    if (Object.hasOwn(kind.selectableFields ?? {}, field)) continue;
    throw badRequest(
      kind.selectableFields === undefined
        ? `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`
        : `field label not supported: ${field}`,
    );
  }
  return { labels: labels.selector, fields: fields.selector };
}

/** Whether a stored object is among those selected. */
export function isSelected(kind: Kind, selection: Selection, object: ApiObject): boolean {
  if (!matchesLabels(selection.labels, object.metadata.labels ?? {})) return false;
  if (selection.fields.length === 0) return true;
  return matchesFields(selection.fields, (field) => {
    if (field === "metadata.name") return object.metadata.name;
    if (field === "metadata.namespace") return object.metadata.namespace ?? "";
    return kind.selectableFields?.[field]?.(object) ?? "";
  });
}

/** A page of a list, in the storage version. */
export interface Page {
  readonly items: readonly ApiObject[];
  readonly resourceVersion: string;
  readonly next?: string;
  readonly remaining?: number;
}

interface Token {
  readonly revision: number;
  readonly after: string;
}

const tokenVersion = "meta.k8s.io/v1";

function writeToken({ revision, after }: Token): string {
  return Buffer.from(JSON.stringify({ v: tokenVersion, rv: revision, start: after })).toString("base64url");
}

function readToken(text: string): Token {
  try {
    const read: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    if (typeof read === "object" && read !== null && "rv" in read && "start" in read) {
      if (typeof read.rv === "number" && typeof read.start === "string")
        return { revision: read.rv, after: read.start };
    }
  } catch {
    // Falls through to the one refusal.
  }
  throw badRequest(`continue key is not valid: ${JSON.stringify(text)}`);
}

const pagesKept = 64;

const tooOldPage =
  "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.";

/** Lists in pages. A list that is read page by page is one picture: it is kept until it is old. */
export class Lister {
  private readonly store: Store;
  private readonly pictures = new Map<string, readonly ApiObject[]>();

  constructor(store: Store) {
    this.store = store;
  }

  /** The page a query asks for; `namespace` undefined means all. */
  page(target: Target, namespace: string | undefined, selection: Selection, query: URLSearchParams): Page {
    const resource = resourceOf(target.kind);
    const limit = readLimit(query);
    const token = query.get("continue") ?? "";
    const start = token === "" ? this.start(resource, query) : this.resume(resource, readToken(token));
    const found: ApiObject[] = [];
    let more = false;
    let left = 0;
    for (const object of start.objects) {
      if (keyOf(object) <= start.after) continue;
      if (namespace !== undefined && (object.metadata.namespace ?? "") !== namespace) continue;
      if (!isSelected(target.kind, selection, object)) continue;
      if (limit > 0 && found.length >= limit) {
        more = true;
        left += 1;
      } else found.push(object);
    }
    const last = found.at(-1);
    const page = { items: found, resourceVersion: String(start.revision) };
    if (!more || last === undefined) return page;
    this.remember(resource, start.revision, start.objects);
    const next = writeToken({ revision: start.revision, after: keyOf(last) });
    const selective = selection.labels.length > 0 || selection.fields.length > 0;
    return { ...page, next, ...(selective ? {} : { remaining: left }) };
  }

  private start(resource: string, query: URLSearchParams): Picture {
    const version = query.get("resourceVersion") ?? "";
    const match = query.get("resourceVersionMatch") ?? "";
    const { items, revision } = this.store.list(resource);
    checkListVersion(version, match, revision);
    return { objects: items, revision, after: "" };
  }

  private resume(resource: string, token: Token): Picture {
    if (token.revision === -1) {
      const { items, revision } = this.store.list(resource);
      return { objects: items, revision, after: token.after };
    }
    const objects = this.pictures.get(`${resource}@${token.revision}`);
    if (objects === undefined) throw expiredPage(tooOldPage, writeToken({ revision: -1, after: token.after }));
    return { objects, revision: token.revision, after: token.after };
  }

  /** Forgets all pictures, so that every continue token is too old (for faults). */
  forget(): void {
    this.pictures.clear();
  }

  private remember(resource: string, revision: number, objects: readonly ApiObject[]): void {
    const key = `${resource}@${revision}`;
    this.pictures.delete(key);
    this.pictures.set(key, objects);
    for (const oldest of this.pictures.keys()) {
      if (this.pictures.size <= pagesKept) break;
      this.pictures.delete(oldest);
    }
  }
}

interface Picture {
  readonly objects: readonly ApiObject[];
  readonly revision: number;
  readonly after: string;
}

function keyOf(object: ApiObject): string {
  return `${object.metadata.namespace ?? ""}/${object.metadata.name}`;
}

function readLimit(query: URLSearchParams): number {
  const text = query.get("limit") ?? "";
  if (text === "") return 0;
  const limit = Number(text);
  if (!Number.isInteger(limit)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Math.max(0, limit);
}

function checkListVersion(version: string, match: string, revision: number): void {
  if (version === "" || version === "0") {
    if (match === "Exact" && version === "0")
      throw badRequest('resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
    return;
  }
  const asked = readVersion(version);
  if (asked > revision) throw futureVersion(asked, revision);
  if (match === "Exact" && asked < revision) {
    throw expired(`The resourceVersion for the provided list is too old.`);
  }
}

/** Reads a resourceVersion of a query. */
export function readVersion(text: string): number {
  if (!/^[0-9]+$/.test(text)) {
    throw badRequest(
      `Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`,
    );
  }
  return Number(text);
}

/** The refusal of a resourceVersion that has not been yet. */
export function futureVersion(asked: number, current: number): Error {
  const message = `Too large resource version: ${asked}, current: ${current}`;
  return timedOut(message, [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }]);
}
