import type { Module } from "@portcullis/rego/tools";
import { CommandError } from "../command-error.ts";

/** A module's tree as indented text. */
export function treeText(_module: Module): string {
  throw new CommandError("the tree as text is not there yet: add --format json");
}
