import type { ApplyOptions as ServerSideApply } from "@portcullis/kube";
import { readDuration } from "../arguments/duration.ts";
import type { FlagValues } from "../arguments/flag.ts";
import { CommandError } from "../command-error.ts";

/** What `portcullis apply` was asked for. */
export interface ApplyOptions {
  readonly filenames: readonly string[];
  readonly recursive: boolean;
  readonly wait: boolean;
  readonly timeoutMilliseconds: number;
  readonly dryRun: "none" | "client" | "server";
  readonly apply: ServerSideApply;
  /** Empty for the context's. */
  readonly namespace: string;
  readonly gatekeeperNamespace: string;
  readonly kubeconfig: string;
  readonly context: string;
}

const validations: Readonly<Record<string, "Strict" | "Warn" | "Ignore">> = {
  true: "Strict",
  strict: "Strict",
  warn: "Warn",
  false: "Ignore",
  ignore: "Ignore",
};

/** Reads the flags. */
export function readApplyOptions(values: FlagValues): ApplyOptions {
  // As kubectl has it, several may stand behind one flag.
  const filenames = values.strings("filename").flatMap((names) => names.split(",").filter((name) => name !== ""));
  if (filenames.length === 0)
    throw new CommandError("must specify one of -f: a file, a folder, or - for standard input");
  const timeout = values.string("timeout");
  const timeoutMilliseconds = readDuration(timeout);
  if (timeoutMilliseconds === undefined) {
    throw new CommandError(`--timeout ${timeout}: this is no duration; write it as 90s or 2m`);
  }
  const dryRun = values.string("dry-run");
  if (dryRun !== "none" && dryRun !== "client" && dryRun !== "server") {
    throw new CommandError(
      `Invalid dry-run value (${dryRun}). Must be "none", "server", or "client", behind an equals sign: --dry-run=server`,
    );
  }
  const validate = values.string("validate");
  const fieldValidation = Object.hasOwn(validations, validate) ? validations[validate] : undefined;
  if (fieldValidation === undefined) {
    throw new CommandError(`--validate ${validate}: use strict, warn or ignore (true and false as kubectl has them)`);
  }
  const fieldManager = values.string("field-manager");
  if (fieldManager === "") throw new CommandError("--field-manager: a name is needed");
  return {
    filenames,
    recursive: values.boolean("recursive"),
    wait: values.boolean("wait"),
    // As with kubectl, none is no limit.
    timeoutMilliseconds: timeoutMilliseconds === 0 ? Number.POSITIVE_INFINITY : timeoutMilliseconds,
    dryRun,
    apply: {
      fieldManager,
      fieldValidation,
      force: values.boolean("force-conflicts"),
      dryRun: dryRun === "server",
    },
    namespace: values.string("namespace"),
    gatekeeperNamespace: values.string("gatekeeper-namespace"),
    kubeconfig: values.string("kubeconfig"),
    context: values.string("context"),
  };
}
