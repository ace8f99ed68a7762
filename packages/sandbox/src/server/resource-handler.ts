import type { Verb } from "../kinds/kind.ts";
import type { Exchange, Serving } from "./exchange.ts";
import { getOne, listOrWatch } from "./read-handlers.ts";
import { methodNotAllowed, noSuchPath } from "./refusals.ts";
import { act, connect, readText } from "./subresource-handlers.ts";
import { create, patch, remove, removeCollection, replace } from "./write-handlers.ts";

/** Answers a request about a resource, or throws the refusal. */
export async function handleResource(serving: Serving, exchange: Exchange): Promise<void> {
  const { subresource, name } = exchange;
  if (subresource !== "") return handleSubresource(serving, exchange);
  return name === "" || exchange.isWatch ? handleCollection(serving, exchange) : handleOne(serving, exchange);
}

function need(exchange: Exchange, verb: Verb): void {
  if (!exchange.target.kind.verbs.includes(verb)) throw methodNotAllowed();
}

async function handleCollection(serving: Serving, exchange: Exchange): Promise<void> {
  switch (exchange.request.method) {
    case "GET":
    case "HEAD":
      need(exchange, "list");
      return listOrWatch(serving, exchange);
    case "POST":
      need(exchange, "create");
      return create(serving, exchange);
    case "DELETE":
      need(exchange, "deletecollection");
      return removeCollection(serving, exchange);
    default:
      throw methodNotAllowed();
  }
}

async function handleOne(serving: Serving, exchange: Exchange): Promise<void> {
  switch (exchange.request.method) {
    case "GET":
    case "HEAD":
      need(exchange, "get");
      return getOne(serving, exchange);
    case "PUT":
      need(exchange, "update");
      return replace(serving, exchange);
    case "PATCH":
      need(exchange, "patch");
      return patch(serving, exchange);
    case "DELETE":
      need(exchange, "delete");
      return remove(serving, exchange);
    default:
      throw methodNotAllowed();
  }
}

async function handleSubresource(serving: Serving, exchange: Exchange): Promise<void> {
  const { target, subresource, request } = exchange;
  const { kind } = target;
  const [first = ""] = subresource.split("/", 1);
  const own = kind.subresources?.find(({ name }) => name === first);
  const whole = (subresource === "status" && kind.statusSubresource) || (subresource === "scale" && kind.scale);
  if (own === undefined && !whole) throw noSuchPath();
  switch (own?.kind) {
    case "text":
      if (request.method !== "GET") throw methodNotAllowed();
      return readText(serving, exchange, own);
    case "action":
      if (request.method !== "POST") throw methodNotAllowed();
      return act(serving, exchange, own);
    case "connect":
      return connect(serving, exchange, own);
    case "part":
    case undefined:
      if (request.method === "GET") return getOne(serving, exchange);
      if (request.method === "PUT") return replace(serving, exchange);
      if (request.method === "PATCH") return patch(serving, exchange);
      throw methodNotAllowed();
  }
}
