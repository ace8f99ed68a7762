/**
 * What the replicas write down, in one annotation of the webhook configuration, of the condition that narrows it: how it
 * reads and which kinds it stands for, by which another's change is known, and for whom it was widened in advance. A
 * constraint that a replica has admitted is stored by the API server a while later, and no list shows it until then; the
 * mark keeps other replicas from narrowing below it.
 */
import { annotationsOf, isJsonArray, own, ownString, readJson, writeJson, type JsonObject } from "@portcullis/objects";
import { expressible } from "./kinds-condition.ts";
import { coversAll, everyKind, noKind, readKinds, unionOf, writeKinds, type MatchedKinds } from "./matched-kinds.ts";

export const recordAnnotation = "portcullis.dev/narrowing";

/** Kinds that somebody who is being admitted matches. */
export interface Mark {
  /** Another for each time that they were marked. */
  readonly id: string;
  readonly kinds: MatchedKinds;
}

/** What is written down. */
export interface NarrowingRecord {
  /** The condition as it was written; the empty text where there was none. */
  readonly expression: string;
  /** What it stands for. */
  readonly kinds: MatchedKinds;
  readonly marks: readonly Mark[];
}

/** Marks are brought together beyond this much text. An annotation has room for many times as much. */
const mostCharacters = 20_000;

/** What is written down; undefined where nothing is, and a record of anything where it cannot be read. */
export function readRecord(configuration: JsonObject): NarrowingRecord | undefined {
  const text = ownString(annotationsOf(configuration), recordAnnotation);
  if (text === undefined) return undefined;
  const reading = readJson(text);
  const record = reading.ok ? reading.value : undefined;
  const listed = own(record, "marks");
  return {
    expression: ownString(record, "expression") ?? "",
    kinds: readKinds(own(record, "kinds")) ?? everyKind,
    marks: (isJsonArray(listed) ? listed : [record]).map((mark) => ({
      id: ownString(mark, "id") ?? text,
      kinds: readKinds(own(mark, "kinds")) ?? everyKind,
    })),
  };
}

/** The annotation's text. */
export function writeRecord({ expression, kinds, marks }: NarrowingRecord): string {
  return writeJson({
    expression,
    kinds: writeKinds(kinds),
    marks: marks.map((mark) => ({ id: mark.id, kinds: writeKinds(mark.kinds) })),
  });
}

/** The marks with one more, in the place of those of the same replica that it stands for as well. */
export function withMark(marks: readonly Mark[], mark: Mark, isOurs: (id: string) => boolean): readonly Mark[] {
  const all = [...marks.filter(({ id, kinds }) => !isOurs(id) || !coversAll(mark.kinds, kinds)), mark];
  if (writeRecord({ expression: "", kinds: noKind, marks: all }).length <= mostCharacters) return all;
  return [{ id: mark.id, kinds: expressible(unionOf(all.map(({ kinds }) => kinds))) }];
}
