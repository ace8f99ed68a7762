import { resolve } from "node:path";
import { annotationReader, moduleToJson, parseModule } from "@portcullis/rego/tools";
import type { FlagValues } from "../arguments/flag.ts";
import { whyUnreadable } from "../files/why-unreadable.ts";
import type { Terminal } from "../terminal.ts";
import { documentJson } from "./document.ts";
import { formatNamed, versionOf } from "./flags.ts";
import { indentJson } from "./indent-json.ts";
import { diagnosticProblem, plainProblem, problemsDocument, type Problem } from "./report.ts";
import { treeText } from "./tree-text.ts";
import { readText } from "./read-text.ts";

/** Shows a module's tree; resolves to the exit status. */
export async function runParse(values: FlagValues, paths: readonly string[], terminal: Terminal): Promise<number> {
  const format = formatNamed(values, ["pretty", "json"]);
  const [path] = paths;
  if (path === undefined) {
    terminal.error("Error: no source file specified\n");
    return 1;
  }
  const refuse = (problems: readonly Problem[]): number => {
    terminal.error(`${documentJson(problemsDocument({ problems }))}\n`);
    return 1;
  };
  let text: string;
  try {
    text = await readText(resolve(terminal.directory, path));
  } catch (error) {
    const why = whyUnreadable(error);
    return refuse([plainProblem(`${why === "is a directory" ? "read" : "open"} ${path}: ${why}`)]);
  }
  const parsed = parseModule({ name: path, text }, { version: versionOf(values), annotations: annotationReader });
  if (!parsed.ok) return refuse(parsed.diagnostics.map((diagnostic) => diagnosticProblem(diagnostic, path)));
  if (format === "pretty") {
    terminal.out(treeText(parsed.value));
    return 0;
  }
  const parts = partsOf(values.string("json-include"));
  const json = moduleToJson(parsed.value, {
    locations: parts.get("locations") ?? false,
    comments: parts.get("comments") ?? true,
  });
  terminal.out(`${indentJson(json)}\n`);
  return 0;
}

/** What is to be shown, and what is not: `locations,-comments`. */
function partsOf(text: string): ReadonlyMap<string, boolean> {
  const parts = new Map<string, boolean>();
  for (const part of text.split(",")) {
    const bare = part.trim();
    if (bare !== "") parts.set(bare.replace(/^[-+]/, ""), !bare.startsWith("-"));
  }
  return parts;
}
