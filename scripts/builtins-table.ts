/** Writes docs/builtins.md: every builtin of OPA's capabilities with its state here, out of the registry. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { builtins, isCallable, typeText, type TableEntry } from "@portcullis/rego/tools";

const page = fileURLToPath(new URL("../docs/builtins.md", import.meta.url));

/** The page as the registry has it. */
export function builtinsPage(): string {
  const entries = [...builtins].toSorted(([left], [right]) => (left < right ? -1 : 1));
  const callable = entries.filter(([, entry]) => stateOf(entry) !== "missing").length;
  return [
    "# Built-in functions",
    "",
    "<!-- Made by `node --conditions=source scripts/builtins-table.ts`; a spec fails where it is stale. -->",
    "",
    `Of the ${entries.length} built-in functions in the capabilities of OPA 1.22, ${callable} are there. Each has a test of its own`,
    "(`packages/rego/src/builtins`), its answers taken from OPA 1.22.2.",
    "",
    "- **there**: part of the engine.",
    "- **on demand**: in a file that is loaded when a policy uses it.",
    "- **compiled**: the compiler puts something else in its place.",
    "",
    "| function | type | state | |",
    "|---|---|---|---|",
    ...entries.map(rowOf),
    "",
  ].join("\n");
}

/** The page as it stands in the checkout. */
export function builtinsPageInDocs(): string {
  return readFileSync(page, "utf8");
}

function rowOf([name, entry]: readonly [string, TableEntry]): string {
  const { args, variadic, result, infix, relation, deprecated, nondeterministic } = entry.signature;
  const type = typeText({ kind: "function", args, variadic, result });
  const notes = [
    ...(infix === undefined ? [] : [`written \`${infix.replaceAll("|", "\\|")}\``]),
    ...(relation === true ? ["a relation: may have many answers"] : []),
    ...(deprecated === true ? ["deprecated: v0 only"] : []),
    ...(nondeterministic === true ? ["may answer otherwise at another time"] : []),
  ];
  return `| \`${name}\` | \`${type.replaceAll("|", "\\|")}\` | ${stateOf(entry)} | ${notes.join("; ")} |`;
}

function stateOf(entry: TableEntry): string {
  if (!isCallable(entry)) return entry.state;
  return entry.load() instanceof Promise ? "on demand" : "there";
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(page, builtinsPage());
