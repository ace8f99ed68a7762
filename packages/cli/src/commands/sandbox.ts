import { sandboxFlags } from "../sandbox/flags.ts";
import type { Command } from "./command.ts";

/** `portcullis sandbox` */
export const sandboxCommand: Command = {
  name: "sandbox",
  summary: "serve a Kubernetes API in this process, with Portcullis enforcing, until Ctrl-C",
  usage: "[flags]",
  positional: 0,
  examples: [
    { what: "any free port; the kubeconfig's path is printed", line: "portcullis sandbox" },
    {
      what: "a known port and file, for scripts",
      line: "portcullis sandbox --port 6443 --kubeconfig ./sandbox.kubeconfig",
    },
    { what: "every image can be pulled", line: "portcullis sandbox --reachable-registries '*'" },
  ],
  flags: [
    ...sandboxFlags,
    { kind: "boolean", name: "no-policy", default: false, summary: "a bare sandbox, without Portcullis in it" },
  ],
  async run(values, _positional, terminal) {
    const { runSandbox } = await import("../sandbox/run-sandbox.ts");
    return runSandbox(values, terminal);
  },
};
