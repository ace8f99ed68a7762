import {
  compile,
  positionAt,
  Store,
  toDocument,
  type Diagnostic,
  type PlainObject,
  type Value,
} from "@portcullis/rego";
import { compareValues, readJSON, valueToText } from "@portcullis/rego/testing";
import { dataText, inputText } from "./documents.ts";

/** What one side says of a program. */
export interface Answer {
  readonly kind: "value" | "undefined" | "error" | "invalid" | "fault";
  readonly value?: Value;
  /** The value, or the codes and rows of the errors. */
  readonly text: string;
}

/** What is asked of a program: a path below `data`, and whether errors of builtins end the evaluation. */
export interface Question {
  readonly path: readonly string[];
  readonly strict: boolean;
}

const data = new Store(readJSON(dataText) as PlainObject); // as: our own data are an object
const input = readJSON(inputText);

/** What our engine says of a program. */
export async function ourAnswer(text: string, { path, strict }: Question): Promise<Answer> {
  try {
    const compiled = await compile({
      modules: [{ name: "test.rego", text }],
      entrypoints: { main: ["data", ...path].join(".") },
      hasData: (path) => data.has(path),
    });
    if (!compiled.ok) return { kind: "invalid", text: compiled.diagnostics.map(place).toSorted().join(", ") };
    const outcome = compiled.value.value("main", { input, data, strictBuiltinErrors: strict });
    if (outcome.kind === "error") {
      return { kind: "error", text: place({ ...outcome, severity: "error" }) };
    }
    if (outcome.kind === "needs") return { kind: "error", text: "needs" };
    if (outcome.value === undefined) return { kind: "undefined", text: "" };
    const value = toDocument(outcome.value);
    return { kind: "value", value, text: valueToText(value) };
  } catch (fault) {
    return { kind: "fault", text: fault instanceof Error ? (fault.stack ?? fault.message) : String(fault) };
  }
}

function place({ code, span }: Pick<Diagnostic, "span"> & { code: string; severity: string }): string {
  return `${code} ${span === undefined ? "" : positionAt(span.source, span.start).row}`;
}

/** Whether both say the same. Where an evaluation ended with an error, its code must be the same. */
export function agree(theirs: Answer, ours: Answer): boolean {
  if (theirs.kind !== ours.kind) return false;
  if (theirs.value !== undefined && ours.value !== undefined) return compareValues(theirs.value, ours.value) === 0;
  if (theirs.kind === "invalid" && theirs.text === "") return true;
  if (theirs.kind === "error") return theirs.text.split(" ")[0] === ours.text.split(" ")[0];
  return theirs.text === ours.text;
}
