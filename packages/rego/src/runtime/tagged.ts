/** What our own value classes extend, so that none of them needs to know another to tell it from a caller's object. */
export abstract class Tagged {
  abstract get tag(): "number" | "object" | "set";
}
