import type { Command } from "./command.ts";

/** `portcullis sandbox` */
export const sandboxCommand: Command = {
  name: "sandbox",
  summary: "serve",
  usage: "[flags]",
  positional: 0,
  examples: [],
  flags: [],
  run: () => Promise.resolve(0),
};
