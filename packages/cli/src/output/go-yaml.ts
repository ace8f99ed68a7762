/** Documents as go-yaml v3 writes them, with its indentation of four that counts from multiples of four. */
import { WrittenNumber } from "@portcullis/policy";
import { nodeOf, type GoDocument } from "./go-document.ts";

/**
 * A list as gator prints its results: the first item in lines, every other one in braces on one line. go-yaml keeps the
 * flow style that one field of the items asks for, and gator's output is contract.
 */
export function goYamlResults(items: readonly GoDocument[]): string {
  const [first, ...others] = items;
  if (first === undefined) return "[]\n";
  return listLines([first], 0) + others.map((item) => `- ${flow(item)}\n`).join("");
}

function entryLines(entries: readonly (readonly [string, GoDocument])[], indent: number): string {
  const pad = " ".repeat(indent);
  return entries.map(([name, value]) => `${pad}${scalar(name, indent)}:${valueText(value, indent)}`).join("");
}

function listLines(items: readonly GoDocument[], indent: number): string {
  const pad = " ".repeat(indent);
  return items
    .map((item) => {
      const node = nodeOf(item);
      if (node.kind === "entries" && node.entries.length > 0) {
        return `${pad}- ${entryLines(node.entries, indent + 2).slice(indent + 2)}`;
      }
      if (node.kind === "list" && node.items.length > 0) {
        return `${pad}- ${listLines(node.items, indent + 2).slice(indent + 2)}`;
      }
      return `${pad}- ${node.kind === "scalar" ? scalarText(node.value, indent + 2) : flow(item)}\n`;
    })
    .join("");
}

function valueText(value: GoDocument, indent: number): string {
  const node = nodeOf(value);
  const deeper = Math.floor(indent / 4) * 4 + 4;
  if (node.kind === "entries" && node.entries.length > 0) return `\n${entryLines(node.entries, deeper)}`;
  if (node.kind === "list" && node.items.length > 0) return `\n${listLines(node.items, deeper)}`;
  return ` ${node.kind === "scalar" ? scalarText(node.value, deeper) : flow(value)}\n`;
}

function flow(value: GoDocument): string {
  const node = nodeOf(value);
  switch (node.kind) {
    case "list":
      return `[${node.items.map(flow).join(", ")}]`;
    case "entries":
      return `{${node.entries.map(([name, item]) => `${flowScalar(name)}: ${flow(item)}`).join(", ")}}`;
    case "scalar":
      return typeof node.value === "string" ? flowScalar(node.value) : scalarText(node.value, 0);
  }
}

/** Inside of braces, the characters that part items make a text need quotes. */
function flowScalar(text: string): string {
  if (text.includes("\n")) return doubleQuoted(text);
  const shown = scalar(text, 0);
  return shown === text && /[,?[\]{}:]/.test(text) ? `'${text.replaceAll("'", "''")}'` : shown;
}

function scalarText(value: null | boolean | number | bigint | string | WrittenNumber, column: number): string {
  if (typeof value === "string") return scalar(value, column);
  // gator reads its own JSON before it writes YAML.
  if (value instanceof WrittenNumber) return numberText(Number(value.text));
  if (typeof value === "number" || typeof value === "bigint") return numberText(Number(value));
  return String(value);
}

/** A double as `strconv.FormatFloat(x, 'g', -1, 64)` writes it: with an exponent from a million on. */
function numberText(value: number): string {
  const [digits = "", power = "0"] = value.toExponential().split("e");
  const exponent = Number(power);
  if (Object.is(value, -0)) return "-0";
  if (value === 0 || (exponent >= -4 && exponent < 6)) return String(value);
  return `${digits}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

const otherTypes =
  /^(?:|~|null|Null|NULL|true|True|TRUE|false|False|FALSE|y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF|\.(?:nan|NaN|NAN)|[-+]?\.(?:inf|Inf|INF))$/;
const number =
  /^[-+]?(?:0x[0-9a-fA-F_]+|0o?[0-7_]+|0b[01_]+|[0-9][0-9_]*|(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)$/;
const base60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const date = /^\d{4}-\d{1,2}-\d{1,2}(?:[Tt ].*)?$/;

function scalar(text: string, column: number): string {
  if (otherTypes.test(text) || number.test(text) || base60.test(text) || date.test(text)) return doubleQuoted(text);
  // The characters that have no form but an escape.
  if (/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u0085\u2028\u2029\ufeff]/.test(text)) return doubleQuoted(text);
  if (text.includes("\n")) return literal(text, column);
  if (isPlain(text)) return text;
  return text.includes("\t") ? doubleQuoted(text) : `'${text.replaceAll("'", "''")}'`;
}

function isPlain(text: string): boolean {
  if (/^[\s#,[\]{}&*!|>'"%@`]/.test(text) || /\s$/.test(text) || /\t/.test(text)) return false;
  if (/^[-?:](?:\s|$)/.test(text) || /^(?:---|\.\.\.)/.test(text)) return false;
  return !/:(?:\s|$)/.test(text) && !/\s#/.test(text);
}

/** A text of several lines, at a column; one that begins with white space says how deep it stands. */
function literal(text: string, column: number): string {
  if (/[ \t]\n/.test(text)) return doubleQuoted(text);
  const hint = /^\s/.test(text) ? "4" : "";
  const trailing = /\n*$/.exec(text)?.[0].length ?? 0;
  const chomping = trailing === 0 ? "-" : trailing === 1 ? "" : "+";
  const body = text.replace(/\n$/, "");
  const lines = body.split("\n").map((line) => (line === "" ? "" : " ".repeat(column) + line));
  return `|${hint}${chomping}\n${lines.join("\n")}`;
}

function doubleQuoted(text: string): string {
  return JSON.stringify(text)
    .replace(/\\u00([0-9a-f]{2})/g, "\\x$1")
    .replaceAll("\u2028", "\\L")
    .replaceAll("\u2029", "\\P")
    .replaceAll("\u0085", "\\N");
}
