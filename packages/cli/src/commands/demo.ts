import type { Command } from "./command.ts";

/** `portcullis demo` */
export const demoCommand: Command = {
  name: "demo",
  summary: "serve",
  usage: "[flags]",
  positional: 0,
  examples: [],
  flags: [],
  run: () => Promise.resolve(0),
};
