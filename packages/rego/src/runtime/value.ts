/**
 * What a Rego value is in JavaScript.
 *
 * - null, booleans and strings are themselves. A string may hold bytes that are not UTF-8 (`hex.decode` makes them):
 *   such a byte b is the lone surrogate U+DC00+b, which no other text can hold.
 * - A number is a JavaScript number where that is exact (safe integers, and decimals whose shortest text reads back as
 *   the same decimal, at most 15 digits), a bigint where it is an integer past 2^53, else a `Decimal`. So two primitives
 *   are equal when `===` says so, and only a `Decimal` needs a slower look. A `Decimal` may also carry the text that it
 *   was written with (`1.0`), which shows when it is printed and counts for nothing else.
 * - An array is an array. An object whose keys are all strings may be a plain object of the caller's, never changed and
 *   read by own properties only, or a `RegoObject`; one with other keys is always a `RegoObject`. Both kinds are equal
 *   when their entries are. A set is a `RegoSet`.
 * - undefined is `undefined`, and no value.
 */
import type { Decimal } from "./decimal.ts";
import type { RegoObject } from "./object.ts";
import type { RegoSet } from "./set.ts";

/** See the head of this file. */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Decimal
  | readonly Value[]
  | RegoObject
  | RegoSet
  | PlainObject;

/** An object of the caller's, or of JSON: read by own properties alone, and never changed. */
export interface PlainObject {
  readonly [key: string]: Value;
}
