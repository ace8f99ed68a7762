import type { RegoVersion } from "../ast.ts";

/** A module and what OPA 1.22.2 finds wrong with it, a line each: the row and the message. No line: it parses. */
export type ParseErrorCase = readonly [name: string, version: RegoVersion, text: string, ...errors: string[]];
