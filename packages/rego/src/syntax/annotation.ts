import type { Annotation, Comment, Import, Package, Rule } from "./ast.ts";
import type { ParseError } from "./parser.ts";

/** METADATA blocks as they stand in the comments, before it is known what they belong to. */
export interface AnnotationBlocks {
  readonly blocks: readonly Annotation[];
  readonly errors: readonly ParseError[];
}

/** Finds and reads the METADATA blocks among comments. */
export function readAnnotations(_comments: readonly Comment[]): AnnotationBlocks {
  return { blocks: [], errors: [] };
}

/** Rules with the annotations that stand before them. */
export interface AttachedAnnotations {
  readonly rules: readonly Rule[];
  readonly annotations: readonly Annotation[];
  readonly errors: readonly ParseError[];
}

/** Gives each annotation to the statement that follows it. */
export function attachAnnotations(
  _header: Package,
  _imports: readonly Import[],
  rules: readonly Rule[],
  blocks: readonly Annotation[],
): AttachedAnnotations {
  return { rules, annotations: blocks, errors: [] };
}
