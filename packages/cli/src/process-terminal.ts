import { fstatSync } from "node:fs";
import { whyUnreadable } from "./files/why-unreadable.ts";
import type { Terminal } from "./terminal.ts";

/** The process' own streams, environment and signals. */
export function processTerminal(): Terminal {
  const interrupted = new AbortController();
  let count = 0;
  const interrupt = (): void => {
    count += 1;
    interrupted.abort();
    // Who asks twice does not want to wait for a clean end.
    if (count > 1) process.exit(130);
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      // Who reads no further (`| head`) wants no more; programs that the signal ends have this status.
      if (error.code === "EPIPE") process.exit(141);
      // A disk that is full, say. Where it is standard error itself, nobody can be told.
      if (stream === process.stdout) process.stderr.write(`cannot write to standard output: ${whyUnreadable(error)}\n`);
      process.exit(1);
    });
  }
  const isInteractive = process.stdout.isTTY;
  const { env } = process;
  return {
    out: (text) => {
      process.stdout.write(text);
    },
    error: (text) => {
      process.stderr.write(text);
    },
    isInteractive,
    hasColor: isInteractive && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb",
    // A pseudo-terminal may have no size.
    columns: isInteractive && process.stdout.columns > 0 ? process.stdout.columns : 100,
    environment: env,
    directory: process.cwd(),
    interrupted: interrupted.signal,
    async readInput() {
      if (fstatSync(0).isCharacterDevice()) return undefined;
      let text = "";
      process.stdin.setEncoding("utf8");
      for await (const chunk of process.stdin) text += String(chunk);
      return text;
    },
  };
}
