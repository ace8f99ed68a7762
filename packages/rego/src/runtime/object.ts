import type { Value } from "./value.ts";

/** An object with keys of any kind, made by a policy. */
export class RegoObject {
  readonly entries: Map<string, readonly [key: Value, value: Value]> = new Map();
}
