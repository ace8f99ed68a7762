/** What generated code may call: the runtime as seen from the emitter's table of names. */
export { BodyTable } from "./body-table.ts";
export {
  elements,
  isArrayOf,
  isCollection,
  isComparable,
  isObjectOf,
  keysOf,
  lookup,
  lookupStored,
  members,
  unorderedKeysOf,
} from "./collection.ts";
export { agree, agreeFunction, numberOf, ObjectBuilder, objectOf, putUnique, setOf } from "./construct.ts";
export { isResult, mocked } from "./context.ts";
export { notKnown } from "./memo.ts";
export { mergeDocuments, namesBelow, putDefined, withoutSystem } from "./document.ts";
export { entryOf } from "./entry.ts";
export { RegoObject } from "./object.ts";
export { equal } from "./order.ts";
export { RegoSet } from "./set.ts";
export {
  isLess,
  isLessOrEqual,
  quickAdd,
  quickAny,
  quickField,
  quickGet,
  quickIsMember,
  quickLower,
  quickUpper,
  quickTrimPrefix,
  quickTrimSuffix,
  quickConcat,
  quickContains,
  quickCount,
  quickEndsWith,
  quickIntersect,
  quickStartsWith,
  quickSubtract,
} from "./quick.ts";
export { rowsOf } from "./rows-of.ts";
export { Scan } from "./scan.ts";
export { shown, shownInteger, shownString } from "./shown.ts";
export { hasKey, Wants } from "./wants.ts";
