/** The functions that templates call, but for those that do not evaluate all their arguments. */
import { decodeUtf8, encodeUtf8, isPrintable } from "../../runtime/text.ts";
import type { BuiltinContext } from "../builtin.ts";
import { formatText } from "../sprintf.ts";
import { escapeUrl } from "../url.ts";
import { isEqual, isLess } from "./comparison.ts";
import { printed, showing } from "./format-value.ts";
import {
  booleanValue,
  type Concrete,
  entryOf,
  type GoValue,
  integerValue,
  invalidValue,
  isTrue,
  itemOf,
  lengthOf,
  nilItem,
  stringValue,
  typeName,
  unboxed,
} from "./go-value.ts";
import type { FunctionName } from "./signatures.ts";
import { TemplateError } from "./template-error.ts";

/** Calls a function with as many arguments as it takes. */
export function callFunction(
  context: BuiltinContext,
  name: Exclude<FunctionName, "and" | "or" | "call">,
  args: readonly GoValue[],
): GoValue {
  const [first = invalidValue, second = invalidValue] = args;
  switch (name) {
    case "html":
      return stringValue(escapeHtml(joined(args)));
    case "js":
      return stringValue(escapeScript(joined(args)));
    case "urlquery":
      return stringValue(escapeUrl(joined(args), "query"));
    case "index":
      return args.slice(1).reduce(indexed, indexable(first, "index"));
    case "slice":
      return sliced(first, args.slice(1));
    case "len":
      return integerValue(lengthOrFail(first));
    case "not":
      return booleanValue(!isTrue(first));
    case "print":
      return stringValue(sprint(args));
    case "println":
      return stringValue(`${args.map(printed).join(" ")}\n`);
    case "printf":
      return stringValue(formatText(context, first.kind === "string" ? first.value : "", args.slice(1), showing));
    case "eq":
      return booleanValue(isEqual(first, args.slice(1)));
    case "ne":
      return booleanValue(!isEqual(first, [second]));
    case "lt":
      return booleanValue(isLess(first, second));
    case "le":
      return booleanValue(isLess(first, second) || isEqual(first, [second]));
    case "gt":
      return booleanValue(!isLess(first, second) && !isEqual(first, [second]));
    case "ge":
      return booleanValue(!isLess(first, second));
  }
}

/** `call`, which finds no functions in what templates are given. */
export function callValue(name: string, callee: GoValue): never {
  const value = unboxed(callee);
  if (value.kind === "invalid") throw new TemplateError("call of nil");
  throw new TemplateError(`non-function ${name} of type ${typeName(value)}`);
}

/** Values beside one another: a space stands where neither neighbour is a text. */
function sprint(args: readonly GoValue[]): string {
  let text = "";
  let afterText = true;
  for (const [index, arg] of args.entries()) {
    const { kind } = unboxed(arg);
    const isText = kind === "string" || kind === "json.Number";
    if (index > 0 && !isText && !afterText) text += " ";
    text += printed(arg);
    afterText = isText;
  }
  return text;
}

/** What is to be escaped. */
function joined(args: readonly GoValue[]): string {
  return sprint(args.map((arg) => (unboxed(arg).kind === "invalid" ? stringValue("<no value>") : arg)));
}

const html: ReadonlyMap<string, string> = new Map([
  ["\0", "\ufffd"],
  ['"', "&#34;"],
  ["'", "&#39;"],
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
]);

function escapeHtml(text: string): string {
  // oxlint-disable-next-line no-control-regex -- NUL is one of the characters that are escaped
  return text.replaceAll(/[\0"'&<>]/g, (character) => html.get(character) ?? character);
}

function escapeScript(text: string): string {
  let escaped = "";
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 32 || "<>&=".includes(character)) escaped += `\\u${hex(code)}`;
    else if ("\\'\"".includes(character)) escaped += `\\${character}`;
    else if (code < 128 || (code >= 0xd800 && code <= 0xdfff) || isPrintable(code)) escaped += character;
    else escaped += `\\u${hex(code)}`;
  }
  return escaped;
}

function hex(code: number): string {
  return code.toString(16).toUpperCase().padStart(4, "0");
}

function indexable(value: GoValue, name: string): GoValue {
  const concrete = unboxed(value);
  if (concrete.kind === "invalid") throw new TemplateError(`${name} of untyped nil`);
  return concrete;
}

function indexed(item: GoValue, index: GoValue): GoValue {
  const value = unboxed(item);
  const key = unboxed(index);
  switch (value.kind) {
    case "invalid":
      throw new TemplateError("index of nil pointer");
    case "string":
    case "json.Number": {
      const at = position(key, lengthOf(value) ?? 0);
      const byte = encodeUtf8(value.value)[at];
      if (byte === undefined) throw new TemplateError("reflect: string index out of range");
      return { kind: "uint8", value: BigInt(byte) };
    }
    case "list": {
      const at = position(key, value.length);
      if (at >= value.length) throw new TemplateError("reflect: slice index out of range");
      return itemOf(value, at);
    }
    case "map":
      if (key.kind === "invalid") throw new TemplateError("value is nil; should be of type string");
      if (key.kind !== "string") throw new TemplateError(`value has type ${typeName(key)}; should be string`);
      return entryOf(value.value, key.value) ?? nilItem;
    default:
      throw new TemplateError(`can't index item of type ${typeName(value)}`);
  }
}

function position(index: Concrete | { readonly kind: "invalid" }, most: number): number {
  if (index.kind === "invalid") throw new TemplateError("cannot index slice/array with nil");
  if (index.kind !== "int" && index.kind !== "uint8") {
    throw new TemplateError(`cannot index slice/array with type ${typeName(index)}`);
  }
  if (index.value < 0n || index.value > BigInt(most)) throw new TemplateError(`index out of range: ${index.value}`);
  return Number(index.value);
}

function sliced(item: GoValue, indexes: readonly GoValue[]): GoValue {
  const value = unboxed(item);
  if (value.kind === "invalid") throw new TemplateError("slice of untyped nil");
  if (indexes.length > 3) throw new TemplateError(`too many slice indexes: ${indexes.length}`);
  const isText = value.kind === "string" || value.kind === "json.Number";
  if (isText && indexes.length === 3) throw new TemplateError("cannot 3-index slice a string");
  if (!isText && value.kind !== "list") throw new TemplateError(`can't slice item of type ${typeName(value)}`);
  const length = lengthOf(value) ?? 0;
  const capacity = value.kind === "list" ? value.capacity : length;
  const [from = 0, to = length, end = capacity] = indexes.map((index) => {
    // Unlike `index`, this does not look into what stands in a map or list.
    if (index.kind === "boxed") throw new TemplateError(`cannot index slice/array with type ${typeName(index)}`);
    return position(index, capacity);
  });
  if (from > to) throw new TemplateError(`invalid slice index: ${from} > ${to}`);
  if (to > end) throw new TemplateError(`invalid slice index: ${to} > ${end}`);
  if (value.kind === "list") {
    return { ...value, offset: value.offset + from, length: to - from, capacity: end - from };
  }
  return isText ? { kind: value.kind, value: decodeUtf8(encodeUtf8(value.value).slice(from, to)) } : invalidValue;
}

function lengthOrFail(item: GoValue): number {
  if (item.kind === "boxed" && item.content === undefined) throw new TemplateError("len of nil pointer");
  const value = unboxed(item);
  if (value.kind === "invalid") throw new TemplateError("reflect: call of reflect.Value.Type on zero Value");
  const length = lengthOf(value);
  if (length === undefined) throw new TemplateError(`len of type ${typeName(value)}`);
  return length;
}
