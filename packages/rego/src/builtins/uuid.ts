import { fromInteger } from "../runtime/number.ts";
import type { Value } from "../runtime/value.ts";
import { valueToText } from "../runtime/value-text.ts";
import type { BuiltinContext, BuiltinFunction } from "./builtin.ts";
import type { Family } from "./family.ts";
import { stringOperand } from "./operand.ts";

/** uuid.* */
export const uuid: Family = new Map<string, BuiltinFunction>([
  ["uuid.parse", (_context, text: Value) => describe(stringOperand(text, 1))],
  ["uuid.rfc4122", make],
]);

/** A random one, the same for equal keys within one evaluation. */
function make(context: BuiltinContext, key: Value): Value {
  return context.memo(`uuid.rfc4122 ${valueToText(key)}`, () => {
    const bytes = context.random(16).slice();
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  });
}

/** 100 nanosecond steps from 1582, when the calendar began, to 1970. */
const stepsTo1970 = 122_192_928_000_000_000n;

function describe(text: string): Value | undefined {
  const bytes = parse(text);
  if (bytes === undefined) return undefined;
  const view = new DataView(bytes.buffer);
  const version = (bytes[6] ?? 0) >> 4;
  const known: Record<string, Value> = { version, variant: variantOf(bytes[8] ?? 0) };
  if (version !== 1 && version !== 2) return known;
  const steps =
    (BigInt(view.getUint16(6) & 0x0fff) << 48n) | (BigInt(view.getUint16(4)) << 32n) | BigInt(view.getUint32(0));
  const node = bytes.subarray(10);
  known["time"] = fromInteger(BigInt.asIntN(64, (steps - stepsTo1970) * 100n));
  known["nodeid"] = Array.from(node, (byte) => byte.toString(16).padStart(2, "0")).join("-");
  known["macvariables"] = macVariables(node[0] ?? 0);
  known["clocksequence"] = view.getUint16(8) & 0x3fff;
  if (version === 2) {
    const domain = bytes[9] ?? 0;
    known["id"] = view.getUint32(0);
    known["domain"] = ["Person", "Group", "Org"][domain] ?? `Domain${domain}`;
  }
  return known;
}

/** The forms that Go's library takes: plain, in braces, as a URN, or bare digits. */
function parse(text: string): Uint8Array | undefined {
  let plain = text;
  if (text.length === 45 && text.slice(0, 9).toLowerCase() === "urn:uuid:") plain = text.slice(9);
  else if (text.length === 38) plain = text.slice(1, 37);
  else if (text.length === 32) plain = text.replace(/^(.{8})(.{4})(.{4})(.{4})/s, "$1-$2-$3-$4-");
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(plain)) return undefined;
  return Uint8Array.from(plain.replaceAll("-", "").match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function variantOf(byte: number): string {
  if ((byte & 0xc0) === 0x80) return "RFC4122";
  if ((byte & 0xe0) === 0xc0) return "Microsoft";
  return (byte & 0xe0) === 0xe0 ? "Future" : "Reserved";
}

/** Whether the node's number was given out, and whether it stands for one node or several. */
function macVariables(first: number): string {
  return `${(first & 2) === 2 ? "local" : "global"}:${(first & 1) === 1 ? "multicast" : "unicast"}`;
}
