/**
 * The condition, in CEL, under which the API server asks about an object: it is of a kind that some constraint matches, or
 * one of our own. It reads `request.kind`, which the API server sets to the kind of the object as it sends it, after any
 * conversion, and that is the kind that is matched. So neither versions nor subresources nor kinds that are not served yet
 * need to be known. Nothing in it can fail, since an error of a condition counts as the webhook's.
 */
import { covers, everyKind, type MatchedKinds } from "./matched-kinds.ts";

/** The name of the condition; nobody else's is touched. */
export const conditionName = "portcullis.dev/kinds-that-constraints-match";

/** A longer one would cost more than the calls that it saves. */
const mostCharacters = 10_000;

/** Names of groups and kinds. Whatever else stands in a constraint is not worth a quotation mark. */
const plain = /^[\w./-]*$/;

/** The condition; undefined where none is of use, and everything is asked about. */
export function conditionFor(kinds: MatchedKinds): string | undefined {
  if (covers(kinds, "*", "*")) return undefined;
  const names = [...kinds].flatMap(([group, listed]) => [group, ...listed]);
  if (!names.every((name) => name === "*" || plain.test(name))) return undefined;
  const wholeGroups = [...kinds].filter(([, listed]) => listed.has("*")).map(([group]) => group);
  const alternatives = [
    'request.kind.group.endsWith("gatekeeper.sh")',
    // What cannot be looked at is for whoever reviews to refuse.
    "(object == null && oldObject == null)",
    ...(wholeGroups.length === 0 ? [] : [`request.kind.group in ${list(wholeGroups)}`]),
  ];
  for (const [group, listed] of [...kinds].toSorted(([left], [right]) => (left < right ? -1 : 1))) {
    if (listed.has("*")) continue;
    const isOneOf = `request.kind.kind in ${list(listed)}`;
    alternatives.push(group === "*" ? isOneOf : `(request.kind.group == "${group}" && ${isOneOf})`);
  }
  const condition = alternatives.join(" || ");
  return condition.length > mostCharacters ? undefined : condition;
}

/** The kinds themselves, where a condition can name them; else every kind. */
export function expressible(kinds: MatchedKinds): MatchedKinds {
  return conditionFor(kinds) === undefined ? everyKind : kinds;
}

function list(names: Iterable<string>): string {
  return `[${[...names]
    .toSorted()
    .map((name) => `"${name}"`)
    .join(", ")}]`;
}
