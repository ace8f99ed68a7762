import type { Terminal } from "./terminal.ts";

/** A terminal that remembers what was written, for specs. */
export interface RecordingTerminal extends Terminal {
  readonly written: { out: string; error: string };
  interrupt(): void;
}

/** A terminal without a person in front of it, unless told. */
export function recordingTerminal(options: Partial<Terminal> & { readonly input?: string } = {}): RecordingTerminal {
  const written = { out: "", error: "" };
  const interrupted = new AbortController();
  return {
    written,
    out: (text) => {
      written.out += text;
    },
    error: (text) => {
      written.error += text;
    },
    isInteractive: false,
    hasColor: false,
    columns: 100,
    environment: {},
    directory: process.cwd(),
    readInput: () => Promise.resolve(options.input),
    interrupted: interrupted.signal,
    interrupt: () => {
      interrupted.abort();
    },
    ...options,
  };
}
