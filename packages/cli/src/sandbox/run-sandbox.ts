import type { FlagValues } from "../arguments/flag.ts";
import { terminalLog } from "../output/terminal-log.ts";
import { styleFor } from "../output/style.ts";
import type { Terminal } from "../terminal.ts";
import { readSandboxFlags } from "./flags.ts";
import { startEnforcing } from "./start-enforcing.ts";
import { untilInterrupted } from "./until-interrupted.ts";

/** Serves until it is interrupted. */
export async function runSandbox(values: FlagValues, terminal: Terminal): Promise<number> {
  const from = performance.now();
  const options = { ...readSandboxFlags(values), enforcing: !values.boolean("no-policy") };
  const sandbox = await startEnforcing(options, terminal.directory, terminalLog(terminal));
  const style = styleFor(terminal);
  const what = options.enforcing ? "with Portcullis enforcing" : "without any policy";
  const row = (name: string, value: string): string => `  ${style.quiet(name.padEnd(12))}${value}\n`;
  terminal.out(
    [
      `${style.strong("Portcullis sandbox")}: a Kubernetes API in one process, ${what}.\n\n`,
      row("API server", sandbox.url),
      row("kubeconfig", sandbox.kubeconfigPath),
      row(
        "registries",
        `${options.reachableRegistries.join(", ")} ${style.quiet("(images from elsewhere cannot be pulled)")}`,
      ),
      row("ready after", `${((performance.now() - from) / 1000).toFixed(1)} s`),
      `\nTo talk to it:\n\n  ${style.typed(`export KUBECONFIG=${sandbox.kubeconfigPath}`)}\n  ${style.typed("kubectl get pods -A")}\n\n`,
      `${terminal.isInteractive ? "Ctrl-C ends it; nothing is kept." : "SIGINT or SIGTERM ends it; nothing is kept."}\n`,
    ].join(""),
  );
  await untilInterrupted(terminal);
  await sandbox.stop();
  return 0;
}
