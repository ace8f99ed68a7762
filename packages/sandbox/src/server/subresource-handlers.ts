import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Subresource } from "../kinds/kind.ts";
import type { ApiObject, Draft, Fields } from "../storage/api-object.ts";
import { answer } from "./answer.ts";
import type { AdmissionAttributes } from "./admission.ts";
import { checkFields, decodeBody, readBody, readObject } from "./body.ts";
import type { RequestContext } from "./context.ts";
import { kindContext } from "./create.ts";
import { deleteObject } from "./delete.ts";
import type { Exchange, Serving } from "./exchange.ts";
import { apiVersionOf, resourceOf, sealed, type Target } from "./kind-table.ts";
import { negotiate } from "./media.ts";
import { isDryRun, writeOptions } from "./options.ts";
import { badRequest, notFound } from "./refusals.ts";
import type { Place, Registry } from "./registry.ts";
import { subject } from "./write-handlers.ts";

/** Answers GET of a text subresource, as it comes where it is followed. */
export async function readText(
  serving: Serving,
  exchange: Exchange,
  subresource: Extract<Subresource, { kind: "text" }>,
): Promise<void> {
  const { response, query } = exchange;
  const object = subject(serving, exchange);
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  const context = kindContext(serving.registry, exchange.context());
  const text = subresource.read(object, query, context, gone.signal);
  response.writeHead(200, { "Content-Type": text.contentType, "Cache-Control": "no-cache, private" });
  response.flushHeaders();
  try {
    await pipeline(Readable.from(text.chunks), response);
  } catch (error) {
    // A reader that went away is no fault.
    if (!gone.signal.aborted) throw error;
  }
}

/** Answers POST of an action subresource. */
export async function act(
  serving: Serving,
  exchange: Exchange,
  subresource: Extract<Subresource, { kind: "action" }>,
): Promise<void> {
  const { request, query, response } = exchange;
  const { registry } = serving;
  const shape = negotiate(request.headers, query);
  const context = exchange.context(isDryRun(query.getAll("dryRun")));
  const { value, duplicates } = await decodeBody(await readBody(request), request.headers["content-type"]);
  const bodyTarget = targetOfBody(registry, exchange.target, subresource);
  const body = readObject(bodyTarget, value);
  checkFields(registry.schemas, context, bodyTarget, body, duplicates);
  const options = writeOptions("CreateOptions", query);
  const result = await runAction(registry, context, exchange, subresource, body, options);
  await answer(response, context, 201, result, shape);
}

/** The body's kind, as far as reading it needs one. */
function targetOfBody(
  registry: Registry,
  target: Target,
  subresource: Extract<Subresource, { kind: "action" }>,
): Target {
  const { group, version, kind } = subresource.body;
  const known = registry.kinds.byKind(group, kind);
  const found = known?.versions.find(({ name }) => name === version);
  if (known !== undefined && found !== undefined) return { kind: known, version: found };
  const { schema: _schema, columns: _columns, ...bare } = target.version;
  return { kind: { ...target.kind, group, kind }, version: { ...bare, name: version } };
}

/** Runs an action: admission sees the body as created, then the kind does what it does. */
export async function runAction(
  registry: Registry,
  context: RequestContext,
  place: Place,
  subresource: Extract<Subresource, { kind: "action" }>,
  body: Draft,
  options: AdmissionAttributes["options"],
): Promise<ApiObject> {
  const { target, namespace, name } = place;
  const resource = resourceOf(target.kind);
  const find = (): ApiObject => {
    const object = registry.store.get(resource, namespace, name);
    if (object === undefined) throw notFound({ group: target.kind.group, resource: target.kind.plural }, name);
    return object;
  };
  find();
  body.apiVersion = apiVersionOf(subresource.body.group, subresource.body.version);
  if (target.kind.namespaced && (body.metadata.namespace ?? "") === "") body.metadata.namespace = namespace;
  const attributes: AdmissionAttributes = {
    operation: "CREATE",
    target,
    subresource: subresource.name,
    objectKind: subresource.body,
    name,
    namespace,
    options,
  };
  const admitted = (await registry.admission.mutate(context, attributes, body)) ?? body;
  await registry.admission.validate(context, attributes, sealed(admitted));
  return subresource.run(find(), admitted, {
    ...kindContext(registry, context),
    dryRun: context.dryRun,
    replace: (draft) => {
      if (context.dryRun) return sealed(draft);
      const outcome = registry.store.update(resource, sealed(draft));
      if (!outcome.ok) throw notFound({ group: target.kind.group, resource: target.kind.plural }, name);
      target.kind.afterWrite?.(outcome.object, undefined, kindContext(registry, context));
      return outcome.object;
    },
    remove: async (gracePeriodSeconds) => {
      const raw = { kind: "DeleteOptions", apiVersion: "meta.k8s.io/v1" };
      const grace = gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds };
      // Webhooks were asked about the eviction; of the deletion that it comes to they hear nothing.
      await deleteObject(registry, context, place, { ...grace, raw: { ...raw, ...grace }, asked: "before" });
    },
  });
}

/** Asks admission about a connection, then says that the sandbox has nothing to connect to. */
export async function connect(
  serving: Serving,
  exchange: Exchange,
  subresource: Extract<Subresource, { kind: "connect" }>,
): Promise<void> {
  subject(serving, exchange);
  const { target, name, namespace, query } = exchange;
  const context = exchange.context();
  const { admission } = serving.registry;
  const attributes: AdmissionAttributes = {
    operation: "CONNECT",
    target,
    subresource: subresource.name,
    objectKind: subresource.body,
    name,
    namespace,
    options: {},
  };
  const body = connectOptions(subresource.body, query);
  await admission.validate(context, attributes, sealed((await admission.mutate(context, attributes, body)) ?? body));
  throw badRequest(
    `${subresource.name} is not available in the sandbox: ${target.kind.plural} ${JSON.stringify(name)} runs on a simulated node, which starts no processes`,
  );
}

const flags = new Set(["stdin", "stdout", "stderr", "tty"]);

/** The options of a connection (`PodExecOptions`), which come in the query. Unlike other objects they have no metadata. */
function connectOptions({ group, version, kind }: AdmissionAttributes["objectKind"], query: URLSearchParams): Draft {
  const options: Fields = { kind, apiVersion: apiVersionOf(group, version) };
  for (const key of new Set(query.keys())) {
    const values = query.getAll(key);
    options[key] = flags.has(key) ? values[0] === "true" : key === "command" ? values : (values[0] ?? "");
  }
  // Admission reads nothing of metadata that it has not looked for.
  return options as unknown as Draft;
}
