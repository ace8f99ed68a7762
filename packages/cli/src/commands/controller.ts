import { managerFlags } from "@portcullis/controller/flags";
import type { Command } from "./command.ts";

/** `portcullis controller` */
export const controllerCommand: Command = {
  name: "controller",
  summary: "run the admission server, with the flags of Gatekeeper's manager",
  usage: "[flags]",
  examples: [
    {
      what: "in a Pod, as Gatekeeper's manifest has it",
      line: "portcullis controller --port=8443 --operation=webhook",
    },
    {
      what: "beside a cluster, under one's kubeconfig",
      line: "portcullis controller --debug-use-fake-pod --kubeconfig ~/.kube/config --port=8443",
    },
  ],
  flags: managerFlags,
  async runArguments(argv) {
    const { managerProcess, runManager } = await import("@portcullis/controller/manager");
    return runManager(argv, managerProcess());
  },
};
