import type { Flag, FlagValues } from "../arguments/flag.ts";
import { CommandError } from "../command-error.ts";
import type { EnforcingOptions } from "./start-enforcing.ts";

/** The flags that `sandbox` and `demo` share. */
export const sandboxFlags: readonly Flag[] = [
  {
    kind: "integer",
    name: "port",
    value: "PORT",
    default: 0,
    summary: "the port of the API server on 127.0.0.1; 0 for any free one",
  },
  {
    kind: "string",
    name: "kubeconfig",
    value: "FILE",
    default: "",
    summary: "where the kubeconfig is written when it serves; else a file in a temporary folder",
  },
  {
    kind: "strings",
    name: "reachable-registries",
    value: "HOSTS",
    summary:
      "the registries whose images the simulated node can pull, by commas; * for all (default private.example.com)",
  },
  {
    kind: "string",
    name: "denial-form",
    value: "FORM",
    default: "classic",
    summary: "classic: `[denied by NAME] text`, as Gatekeeper up to 3.3; current: `[NAME] text`, as today's",
  },
];

/** What the flags ask for; throws `CommandError` where a value is none. */
export function readSandboxFlags(values: FlagValues): EnforcingOptions {
  const port = values.integer("port");
  if (port < 0 || port > 65535) {
    throw new CommandError(`--port ${port}: a port is a number from 1 to 65535, or 0 for any free one`);
  }
  const form = values.string("denial-form");
  if (form !== "classic" && form !== "current") {
    throw new CommandError(`--denial-form ${form}: this is no form; use classic or current`);
  }
  const registries = values
    .strings("reachable-registries")
    .flatMap((text) => text.split(","))
    .map((text) => text.trim());
  const kubeconfig = values.string("kubeconfig");
  return {
    port,
    denialForm: form,
    reachableRegistries: registries.length === 0 ? ["private.example.com"] : registries.filter((text) => text !== ""),
    ...(kubeconfig === "" ? {} : { kubeconfigPath: kubeconfig }),
    enforcing: true,
  };
}
