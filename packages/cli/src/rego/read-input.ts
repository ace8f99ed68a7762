import { resolve } from "node:path";
import type { Value } from "@portcullis/rego";
import { readJSON, readYAMLDocument } from "@portcullis/rego/tools";
import { CommandError } from "../command-error.ts";
import { whyUnreadable } from "../files/why-unreadable.ts";
import { readText } from "./read-text.ts";

/** The document of a file: JSON, or YAML. */
export async function readInputFile(path: string, directory: string): Promise<Value> {
  let text: string;
  try {
    text = await readText(resolve(directory, path.replace(/^file:\/\//, "")));
  } catch (error) {
    throw new CommandError(`open ${path}: ${whyUnreadable(error)}`);
  }
  return parseInput(text);
}

/** A text as a document. */
export function parseInput(text: string): Value {
  const json = readJSON(text);
  if (!("error" in json)) return json.value;
  const yaml = readYAMLDocument(text);
  if ("error" in yaml) throw new CommandError(`unable to parse input: ${yaml.error}`);
  return yaml.value;
}
