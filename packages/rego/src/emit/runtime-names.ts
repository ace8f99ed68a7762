import type * as runtime from "../runtime/emitted.ts";

/** What generated code may call of the runtime: the one list of names that emitter and linker share. */
export type RuntimeName = keyof typeof runtime;

/** Every name of it. */
export const runtimeNames: readonly RuntimeName[] = Object.keys({
  BodyTable: true,
  ObjectBuilder: true,
  RegoObject: true,
  RegoSet: true,
  Scan: true,
  UNKNOWN: true,
  agree: true,
  agreeFunction: true,
  elements: true,
  equal: true,
  isArrayOf: true,
  isCollection: true,
  isLess: true,
  isLessOrEqual: true,
  isObjectOf: true,
  keysOf: true,
  lookup: true,
  lookupStored: true,
  members: true,
  mergeDocuments: true,
  mocked: true,
  namesBelow: true,
  numberOf: true,
  objectOf: true,
  putDefined: true,
  putUnique: true,
  quickAdd: true,
  quickContains: true,
  quickCount: true,
  quickEndsWith: true,
  quickStartsWith: true,
  quickSubtract: true,
  rowsOf: true,
  setOf: true,
  unorderedKeysOf: true,
  withoutSystem: true,
} satisfies Record<RuntimeName, true>) as RuntimeName[]; // as: `satisfies` has checked that the keys are these
