import { randomBytes } from "node:crypto";
import type { Evaluation } from "@portcullis/rego";
import type { Terminal } from "../terminal.ts";

/** What an evaluation on the command line gets from outside: the clock, chance, the environment, and where print goes. */
export function evaluationOf(terminal: Terminal): Evaluation {
  const env = Object.fromEntries(
    Object.entries(terminal.environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  return {
    now: BigInt(Date.now()) * 1_000_000n,
    random: (bytes) => randomBytes(bytes),
    runtime: { env },
    print: (line) => {
      terminal.error(`${line}\n`);
    },
  };
}
