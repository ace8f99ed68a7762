/** `sprintf` with a format that is known: the message is put together in the code, and its verbs cost nothing to read. */
import type { Operand } from "../plan/plan.ts";
import { type Code, js, plus } from "./fragment.ts";
import type { FunctionUnit } from "./function-unit.ts";

type Piece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "verb"; readonly verb: "v" | "s" | "d" };

/** The call as a concatenation, where its format has only the plainest verbs and as many as there are values. */
export function emitSprintf(
  fn: FunctionUnit,
  operands: readonly Operand[],
  emitted: (operand: Operand) => Code,
): Code | undefined {
  const [format, values] = operands;
  if (format?.kind !== "constant" || format.term.kind !== "string") return undefined;
  const items = itemsOf(values);
  const pieces = piecesOf(format.term.value);
  if (items === undefined || pieces === undefined) return undefined;
  if (pieces.filter((piece) => piece.kind === "verb").length !== items.length) return undefined;
  // Side by side, bytes outside UTF-8 may come together as a code point, which the builtin sees to.
  if (pieces.some((piece, at) => piece.kind === "verb" && pieces[at + 1]?.kind === "verb")) return undefined;
  let next = 0;
  const parts = pieces.map((piece): Code => {
    if (piece.kind === "text") return js`${piece.text}`;
    const item = items[next];
    next += 1;
    if (item === undefined) throw new Error("there are as many values as verbs");
    const shown = fn.unit.runtime(piece.verb === "v" ? "shown" : piece.verb === "s" ? "shownString" : "shownInteger");
    return js`${shown}(${fn.state()}, ${emitted(item)}, ${fn.unit.builtin("sprintf")})`;
  });
  const [first] = pieces;
  // A text first makes the whole a text.
  return plus(first?.kind === "text" ? parts : [js`""`, ...parts]);
}

function itemsOf(values: Operand | undefined): readonly Operand[] | undefined {
  if (values?.kind === "array") return values.items;
  if (values?.kind !== "constant" || values.term.kind !== "array") return undefined;
  return values.term.items.map((term) => ({ kind: "constant", term }));
}

/** A format as texts and verbs; undefined where it has flags, widths, indexes or other verbs. */
function piecesOf(format: string): readonly Piece[] | undefined {
  const pieces: Piece[] = [];
  let text = "";
  for (let at = 0; at < format.length; at += 1) {
    const character = format.charAt(at);
    if (character !== "%") {
      text += character;
      continue;
    }
    at += 1;
    const verb = format.charAt(at);
    if (verb === "%") {
      text += "%";
    } else if (verb === "v" || verb === "s" || verb === "d") {
      if (text !== "") pieces.push({ kind: "text", text });
      text = "";
      pieces.push({ kind: "verb", verb });
    } else {
      return undefined;
    }
  }
  if (text !== "" || pieces.length === 0) pieces.push({ kind: "text", text });
  return pieces;
}
