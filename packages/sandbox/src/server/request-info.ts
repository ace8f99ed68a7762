/** What a path asks for. */
export type RequestInfo =
  | {
      readonly kind: "resource";
      readonly group: string;
      readonly version: string;
      readonly resource: string;
      /** Empty for cluster-scoped requests and for those across namespaces. */
      readonly namespace: string;
      readonly name: string;
      readonly subresource: string;
      /** True for the deprecated `/watch/` paths. */
      readonly watch: boolean;
    }
  | { readonly kind: "other"; readonly path: string };

/** Reads a path (already without query) as the API server does. */
export function requestInfo(path: string): RequestInfo {
  const other: RequestInfo = { kind: "other", path };
  const parts = segments(path);
  if (parts === undefined) return other;
  const root = parts[0];
  let rest: readonly string[];
  let group = "";
  let version: string | undefined;
  if (root === "api") {
    version = parts[1];
    rest = parts.slice(2);
  } else if (root === "apis") {
    group = parts[1] ?? "";
    version = parts[2];
    rest = parts.slice(3);
  } else return other;
  const watch = rest[0] === "watch";
  if (watch) rest = rest.slice(1);
  const [first] = rest;
  if (version === undefined || first === undefined) return other;
  return { kind: "resource", group, version, watch, ...target(rest) };
}

function segments(path: string): readonly string[] | undefined {
  try {
    return path
      .split("/")
      .filter((part) => part !== "")
      .map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

function target(rest: readonly string[]): {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
} {
  const [first = "", second = "", third, fourth = "", ...more] = rest;
  // `namespaces/x/status` is about the namespace, `namespaces/x/pods` about what is in it.
  if (first === "namespaces" && second !== "") {
    if (third === undefined || third === "status" || third === "finalize") {
      return { resource: "namespaces", namespace: second, name: second, subresource: third ?? "" };
    }
    return { resource: third, namespace: second, name: fourth, subresource: more.join("/") };
  }
  const deeper = [third, fourth, ...more].filter((part) => part !== undefined && part !== "");
  return { resource: first, namespace: "", name: second, subresource: deeper.join("/") };
}
