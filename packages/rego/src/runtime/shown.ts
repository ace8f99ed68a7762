/** What `%v`, `%s` and `%d` make of the commonest values; the builtin itself is asked about the rest. */
import { isNumber } from "./order.ts";
import type { State } from "./state.ts";
import type { Value } from "./value.ts";

type Sprintf = (state: State, format: Value, values: Value) => Value | undefined;

/** `%v`. */
export function shown(state: State, value: Value, sprintf: Sprintf): string {
  if (typeof value === "string") return value;
  if (Number.isSafeInteger(value)) return String(value);
  if (!isNumber(value)) return charged(state, state.shownText(value));
  return asked(state, "%v", value, sprintf);
}

/** `%s`. */
export function shownString(state: State, value: Value, sprintf: Sprintf): string {
  return typeof value === "string" ? value : asked(state, "%s", value, sprintf);
}

/** `%d`. */
export function shownInteger(state: State, value: Value, sprintf: Sprintf): string {
  return Number.isSafeInteger(value) ? String(value) : asked(state, "%d", value, sprintf);
}

function asked(state: State, format: string, value: Value, sprintf: Sprintf): string {
  // as: sprintf of a string and a list gives a string, or throws because the budget is used up
  return sprintf(state, format, [value]) as string;
}

function charged(state: State, text: string): string {
  state.charge(text.length >> 4);
  return text;
}
