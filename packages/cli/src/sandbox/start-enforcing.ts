/** A sandbox with Portcullis enforcing in it: what `sandbox` and `demo` are built on. */
import { readKubeconfig, systemClock, type ClusterConfig } from "@portcullis/kube";
import type { DenialForm } from "@portcullis/policy";
import type { Controller, Log } from "@portcullis/controller";
import { startSandbox, type Sandbox } from "@portcullis/sandbox";
import { CommandError } from "../command-error.ts";
import { placeKubeconfig, type PlacedKubeconfig } from "./place-kubeconfig.ts";

/** How the sandbox is to be. */
export interface EnforcingOptions {
  readonly port: number;
  readonly reachableRegistries: readonly string[];
  readonly denialForm: DenialForm;
  /** Where the kubeconfig goes; a temporary folder where absent. */
  readonly kubeconfigPath?: string;
  /** Whether Portcullis runs in it. */
  readonly enforcing: boolean;
  /** See the controller's configuration. */
  readonly provisionalMilliseconds?: number;
}

/** A sandbox that serves. */
export interface EnforcingSandbox {
  readonly url: string;
  readonly kubeconfigPath: string;
  readonly cluster: ClusterConfig;
  /** Ends everything and takes the kubeconfig away. */
  stop(): Promise<void>;
}

/** Starts a sandbox and, in it, Portcullis; resolves when both serve. */
export async function startEnforcing(
  options: EnforcingOptions,
  directory: string,
  log?: Log,
): Promise<EnforcingSandbox> {
  // Everything is loaded while the sandbox makes its certificates.
  const loading = import("@portcullis/controller");
  const sandbox = await openSandbox(options);
  let kubeconfig: PlacedKubeconfig | undefined;
  let controller: Controller | undefined;
  const stop = async (): Promise<void> => {
    await controller?.stop();
    await sandbox.close();
    await kubeconfig?.remove();
  };
  try {
    kubeconfig = await placeKubeconfig(options.kubeconfigPath, directory, sandbox.kubeconfig);
    const read = await readKubeconfig(kubeconfig.draft);
    if (!read.ok) throw new Error(read.message);
    if (options.enforcing) {
      const { startController, silentLog } = await loading;
      const { provisionalMilliseconds } = options;
      controller = await startController({
        cluster: read.value,
        log: log ?? silentLog,
        clock: systemClock,
        reporter: { pod: "portcullis-sandbox", namespace: "gatekeeper-system", operations: ["status", "webhook"] },
        denialForm: options.denialForm,
        ...(provisionalMilliseconds === undefined ? {} : { provisionalMilliseconds }),
        exemptNamespaces: { names: ["gatekeeper-system"], prefixes: [], suffixes: [] },
        // The sandbox is there to show that nothing slips through, so it fails closed.
        webhook: { host: "127.0.0.1", port: 0, failurePolicy: "Fail", timeoutSeconds: 3 },
      });
    }
    await kubeconfig.publish();
    return { url: sandbox.url, kubeconfigPath: kubeconfig.path, cluster: read.value, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function openSandbox({ port, reachableRegistries }: EnforcingOptions): Promise<Sandbox> {
  try {
    return await startSandbox({ port, reachableRegistries });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    if (code === "EADDRINUSE") {
      throw new CommandError(
        `cannot serve on 127.0.0.1:${port}: another process uses this port\nname another with --port, or use --port 0 for any free one`,
        { cause: error },
      );
    }
    if (code === "EACCES") {
      throw new CommandError(
        `cannot serve on 127.0.0.1:${port}: the system does not let you use this port\nname one above 1023 with --port, or use --port 0 for any free one`,
        { cause: error },
      );
    }
    throw error;
  }
}
