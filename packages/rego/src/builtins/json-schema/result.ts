import { plainObject } from "../../runtime/to-document.ts";
import type { Value } from "../../runtime/value.ts";

/** Where in the document something is: a step and what it was taken from. */
export interface Place {
  readonly step: string;
  readonly from: Place | undefined;
}

/** The document itself. */
export const root: Place = { step: "(Root)", from: undefined };

/** One thing that is wrong with a document. */
export interface SchemaError {
  readonly type: string;
  readonly field: string;
  readonly description: string;
}

/** What was found, and how well the document did: the best of several attempts is the one that is shown. */
export class Result {
  readonly errors: SchemaError[] = [];
  score = 0;

  get valid(): boolean {
    return this.errors.length === 0;
  }

  /** Records an error. The description may say which field it is. */
  add(type: string, place: Place, description: string | ((field: string) => string)): void {
    const field = fieldOf(place);
    this.errors.push({ type, field, description: typeof description === "string" ? description : description(field) });
    this.score -= 2;
  }

  /** Takes over what was found with a part of the schema. */
  merge(other: Result): void {
    for (const error of other.errors) this.errors.push(error);
    this.score += other.score;
  }

  /** Counts something that was gone through. */
  passed(): void {
    this.score++;
  }
}

/** The path to a place with points between the steps; the root is left out where there are others. */
function fieldOf(place: Place): string {
  const steps: string[] = [];
  for (let at: Place | undefined = place; at !== undefined; at = at.from) steps.push(at.step);
  const path = steps.toReversed().join(".");
  return path.startsWith("(Root).") ? path.slice("(Root).".length) : path;
}

/** An error as policies see it. */
export function errorValue({ type, field, description }: SchemaError): Value {
  return plainObject([
    ["error", `${field}: ${description}`],
    ["type", type],
    ["field", field],
    ["desc", description],
  ]);
}
