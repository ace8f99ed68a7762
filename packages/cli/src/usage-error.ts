import { CommandError } from "./command-error.ts";

/** The command line itself is wrong. The text is told as OPA's commands tell it: behind `Error: `. */
export class UsageError extends CommandError {
  constructor(what: string) {
    super(`Error: ${what}`);
    this.name = "UsageError";
  }
}
