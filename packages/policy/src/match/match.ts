/**
 * `spec.match` of constraints and mutators, made into one function over a prepared subject.
 *
 * A criterion that is not given costs nothing at review: only the given ones are in the list. Their order is
 * Gatekeeper's, and the first that fails, or that cannot be decided, ends the matching.
 */
import {
  compileLabelSelector,
  isJsonArray,
  isJsonObject,
  matchesLabels,
  own,
  ownString,
  quoteGo,
  type JsonObject,
  type JsonValue,
  type LabelSelector,
} from "@portcullis/objects";
import { compileGenerateNameGlob, compileGlob, type Glob } from "./glob.ts";
import type { NamespaceFacts, Subject } from "./subject.ts";

/** Where an object under review comes from: a request, or expansion; the empty text where nobody said. */
export type Source = "Original" | "Generated" | "All" | "";

/** Yes, no, or why it cannot be said. */
export type Matched = boolean | string;

/** Whether an object matches. */
export type Matcher = (subject: Subject, namespace: NamespaceFacts | undefined, source: Source) => Matched;

/** A match block made ready. */
export interface Match {
  readonly matches: Matcher;
  /** The kinds that it is restricted to; absent where every kind may match. For an index. */
  readonly kinds?: readonly KindEntry[];
  /** The same for an object whose kind an index has found to be among them; absent where nothing else is asked. */
  readonly matchesBesideKind?: Matcher;
}

/** An entry of `kinds`: an absent list means all. */
export interface KindEntry {
  readonly groups?: ReadonlySet<string>;
  readonly kinds?: ReadonlySet<string>;
}

/** Makes a match block ready. The block is one that its schema accepts. */
export function compileMatch(match: JsonObject): Match {
  const kinds = readKinds(own(match, "kinds"));
  const criteria: Matcher[] = [];
  addScope(criteria, ownString(match, "scope"));
  addNamespaces(criteria, textsOf(own(match, "namespaces")), true);
  addNamespaces(criteria, textsOf(own(match, "excludedNamespaces")), false);
  addLabelSelector(criteria, own(match, "labelSelector"));
  addNamespaceSelector(criteria, own(match, "namespaceSelector"));
  addName(criteria, ownString(match, "name") ?? "");
  addSource(criteria, ownString(match, "source") ?? "");
  const matchesBesideKind: Matcher = (subject, namespace, source) => {
    for (const criterion of criteria) {
      const matched = criterion(subject, namespace, source);
      if (matched !== true) return matched;
    }
    return true;
  };
  const rest = criteria.length === 0 ? {} : { matchesBesideKind };
  if (kinds === undefined) return { matches: matchesBesideKind, ...rest };
  const matches: Matcher = (subject, namespace, source) =>
    matchesKind(kinds, subject.group, subject.kind) && matchesBesideKind(subject, namespace, source);
  return { matches, kinds, ...rest };
}

/** Whether a group and kind are among the entries. */
export function matchesKind(entries: readonly KindEntry[], group: string, kind: string): boolean {
  for (const entry of entries) {
    if ((entry.kinds?.has(kind) ?? true) && (entry.groups?.has(group) ?? true)) return true;
  }
  return false;
}

function readKinds(kinds: JsonValue | undefined): readonly KindEntry[] | undefined {
  if (!isJsonArray(kinds) || kinds.length === 0) return undefined;
  return kinds.map((entry) => {
    const groups = setOf(own(entry, "apiGroups"));
    const names = setOf(own(entry, "kinds"));
    return { ...(groups === undefined ? {} : { groups }), ...(names === undefined ? {} : { kinds: names }) };
  });
}

function setOf(list: JsonValue | undefined): ReadonlySet<string> | undefined {
  const texts = textsOf(list);
  return texts.length === 0 || texts.includes("*") ? undefined : new Set(texts);
}

function textsOf(list: JsonValue | undefined): readonly string[] {
  return isJsonArray(list) ? list.filter((item) => typeof item === "string") : [];
}

function addScope(criteria: Matcher[], scope: string | undefined): void {
  const hasNamespace = (subject: Subject, namespace: NamespaceFacts | undefined): boolean =>
    subject.namespace !== "" || namespace !== undefined;
  if (scope === "Cluster") {
    criteria.push((subject, namespace) => subject.isNamespace || !hasNamespace(subject, namespace));
  }
  if (scope === "Namespaced") {
    criteria.push((subject, namespace) => !subject.isNamespace && hasNamespace(subject, namespace));
  }
}

/** The namespace that a subject counts to; undefined where it has none, and then every list of namespaces accepts it. */
function namespaceNameOf(subject: Subject, namespace: NamespaceFacts | undefined): string | undefined {
  if (subject.isNamespace) return subject.name;
  if (namespace !== undefined) return namespace.name;
  return subject.namespace === "" ? undefined : subject.namespace;
}

function addNamespaces(criteria: Matcher[], patterns: readonly string[], wanted: boolean): void {
  if (patterns.length === 0) return;
  const globs = patterns.map(compileGlob);
  criteria.push((subject, namespace) => {
    const name = namespaceNameOf(subject, namespace);
    return name === undefined || anyMatches(globs, name) === wanted;
  });
}

function anyMatches(globs: readonly Glob[], name: string): boolean {
  for (const glob of globs) if (glob(name)) return true;
  return false;
}

function readSelector(selector: JsonValue | undefined): LabelSelector | string | undefined {
  if (!isJsonObject(selector)) return undefined;
  const compiled = compileLabelSelector(selector);
  return compiled.ok ? compiled.selector : compiled.message;
}

function addLabelSelector(criteria: Matcher[], value: JsonValue | undefined): void {
  const selector = readSelector(value);
  if (selector === undefined) return;
  criteria.push(({ labels }) => (typeof selector === "string" ? selector : matchesLabels(selector, labels)));
}

function addNamespaceSelector(criteria: Matcher[], value: JsonValue | undefined): void {
  const selector = readSelector(value);
  if (selector === undefined) return;
  criteria.push((subject, namespace) => {
    if (!subject.isNamespace && namespace === undefined && subject.namespace === "") return true;
    if (typeof selector === "string") return selector;
    if (subject.isNamespace) return matchesLabels(selector, subject.labels);
    if (namespace === undefined) return "namespace selector for namespace-scoped object but missing Namespace";
    return matchesLabels(selector, namespace.labels);
  });
}

function addName(criteria: Matcher[], pattern: string): void {
  if (pattern === "") return;
  const [byName, byGenerateName] = [compileGlob(pattern), compileGenerateNameGlob(pattern)];
  criteria.push(({ name, generateName }) => byName(name) || byGenerateName(generateName));
}

function addSource(criteria: Matcher[], wanted: string): void {
  if (wanted === "" || wanted === "All") return;
  if (wanted !== "Original" && wanted !== "Generated") {
    criteria.push(() => `invalid source field ${quoteGo(wanted)}`);
    return;
  }
  criteria.push((subject, _namespace, source) =>
    source === "" ? `source field not specified for resource ${subject.name}` : source === wanted,
  );
}
