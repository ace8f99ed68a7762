import { asVersion, apiVersionOf, resourceOf } from "./kind-table.ts";
import { answer } from "./answer.ts";
import type { Exchange, Serving } from "./exchange.ts";
import { readSelection, readVersion, type Page, type Selection } from "./list.ts";
import { negotiate, type Shape } from "./media.ts";
import { methodNotAllowed, notFound } from "./refusals.ts";
import { scaleOf } from "./scale.ts";
import { includeObjectOf, listKindOf, partial, tableOf } from "./table.ts";
import { parseFieldSelector } from "@portcullis/objects";
import type { ApiObject, Fields } from "../storage/api-object.ts";

/** Answers GET of one object, or of its subresource that shows it. */
export async function getOne(serving: Serving, exchange: Exchange): Promise<void> {
  const { target, namespace, name, query, subresource } = exchange;
  const { kind } = target;
  const shape = negotiate(exchange.request.headers, query);
  const stored = serving.registry.store.get(resourceOf(kind), namespace, name);
  if (stored === undefined) throw notFound({ group: kind.group, resource: kind.plural }, name);
  const object = asVersion(target, stored);
  if (subresource === "scale" && kind.scale !== undefined) {
    await answer(exchange.response, exchange.context(), 200, scaleOf(object, kind.scale), shape);
    return;
  }
  await answer(exchange.response, exchange.context(), 200, shown(serving, exchange, object, shape), shape);
}

/** An object in the form that was asked for. */
export function shown(serving: Serving, exchange: Exchange, object: ApiObject, shape: Shape): unknown {
  const { target, query } = exchange;
  switch (shape.kind) {
    case "object":
      return object;
    case "partial":
      return partial(object, shape.version);
    case "table": {
      const options = { now: serving.now(), include: includeObjectOf(query), meta: shape.version, head: true };
      return tableOf(target.version, [object], { resourceVersion: object.metadata.resourceVersion }, options);
    }
  }
}

/** Answers a list, or begins a watch. */
export async function listOrWatch(serving: Serving, exchange: Exchange): Promise<void> {
  const { target, query } = exchange;
  const shape = negotiate(exchange.request.headers, query);
  const selection = selectionOf(exchange);
  const across = exchange.namespace === "" && target.kind.namespaced;
  const namespace = across || !target.kind.namespaced ? undefined : exchange.namespace;
  if (exchange.isWatch || isTrue(query.get("watch"))) {
    if (!target.kind.verbs.includes("watch")) throw methodNotAllowed();
    const context = exchange.context();
    serving.watch({ target, namespace, selection, query, shape, context, now: serving.now }, exchange.response);
    return;
  }
  const page = serving.lister.page(target, namespace, selection, query);
  const items = page.items.map((object) => asVersion(target, object));
  const metadata = listMetadata(page);
  await answer(exchange.response, exchange.context(), 200, listBody(serving, exchange, items, metadata, shape), shape);
}

/** A watch or list of one name is one with a field selector. */
function selectionOf(exchange: Exchange): Selection {
  const selection = readSelection(exchange.target.kind, exchange.query);
  if (exchange.name === "") return selection;
  const named = parseFieldSelector(`metadata.name=${exchange.name}`);
  return named.ok ? { ...selection, fields: [...selection.fields, ...named.selector] } : selection;
}

function isTrue(text: string | null): boolean {
  return text !== null && text !== "false" && text !== "0";
}

function listMetadata(page: Page): Fields {
  return {
    resourceVersion: page.resourceVersion,
    ...(page.next === undefined ? {} : { continue: page.next }),
    ...(page.remaining === undefined ? {} : { remainingItemCount: page.remaining }),
  };
}

/** The list document of a kind. */
export function listBody(
  serving: Serving,
  exchange: Exchange,
  items: readonly ApiObject[],
  metadata: Fields,
  shape: Shape,
): unknown {
  const { target, query } = exchange;
  const { kind, version } = target;
  switch (shape.kind) {
    case "table": {
      const options = { now: serving.now(), include: includeObjectOf(query), meta: shape.version, head: true };
      return tableOf(version, items, metadata, options);
    }
    case "partial":
      return {
        kind: "PartialObjectMetadataList",
        apiVersion: `meta.k8s.io/${shape.version}`,
        metadata,
        items: items.map((object) => partial(object, shape.version)),
      };
    case "object":
      return {
        kind: listKindOf(kind),
        apiVersion: apiVersionOf(kind.group, version.name),
        metadata,
        // Items of built-in kinds come without their type, as the list names it.
        items: kind.origin === "custom" ? items : items.map(({ apiVersion: _version, kind: _kind, ...rest }) => rest),
      };
  }
}

/** Says whether a query's resourceVersion for GET of one object can be met. */
export function checkGetVersion(query: URLSearchParams): void {
  const version = query.get("resourceVersion") ?? "";
  if (version !== "") readVersion(version);
}
