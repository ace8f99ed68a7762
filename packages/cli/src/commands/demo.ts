import { sandboxFlags } from "../sandbox/flags.ts";
import type { Command } from "./command.ts";

/** `portcullis demo` */
export const demoCommand: Command = {
  name: "demo",
  summary: "show in a minute what Portcullis is for, on a sandbox of its own",
  usage: "[flags]",
  positional: 0,
  examples: [
    { what: "the story; on a terminal it stays until Ctrl-C, to go on by hand", line: "portcullis demo" },
    {
      what: "the story and nothing more; the exit status tells whether all came out as told",
      line: "portcullis demo --once",
    },
  ],
  flags: [
    ...sandboxFlags,
    { kind: "boolean", name: "once", default: false, summary: "end after the story, on a terminal too" },
  ],
  async run(values, _positional, terminal) {
    const { runDemo } = await import("../demo/run-demo.ts");
    return runDemo(values, terminal);
  },
};
