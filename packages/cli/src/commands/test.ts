import type { Flag } from "../arguments/flag.ts";
import type { Command } from "./command.ts";

const flags: readonly Flag[] = [
  {
    kind: "strings",
    name: "filename",
    short: "f",
    value: "PATH",
    summary: "a file or folder of Kubernetes objects; may be given more than once",
  },
  { kind: "strings", name: "image", short: "i", value: "REF", summary: "an OCI image of policies (not there yet)" },
  { kind: "boolean", name: "plain-http", default: false, summary: "pull images over plain HTTP (not there yet)" },
  { kind: "string", name: "tempdir", short: "d", value: "DIR", default: "", summary: "where images are unpacked" },
  { kind: "string", name: "output", short: "o", value: "FORMAT", default: "", summary: "json or yaml; else text" },
  {
    kind: "boolean",
    name: "trace",
    short: "t",
    default: false,
    summary: "add a trace of the evaluation (not there yet)",
  },
  { kind: "boolean", name: "stats", default: false, summary: "add figures of the evaluation (not there yet)" },
  { kind: "boolean", name: "deny-only", default: false, summary: "print only what is denied" },
  { kind: "boolean", name: "verbose", short: "v", default: false, summary: "print what the policies print" },
  {
    kind: "boolean",
    name: "enable-k8s-native-validation",
    default: true,
    summary: "run CEL where a template has it (CEL comes later; templates that have Rego too run their Rego)",
  },
  {
    kind: "string",
    name: "default-k8s-native-validation-failure-policy",
    value: "POLICY",
    default: "Fail",
    summary: "Fail or Ignore, for CEL that does not say",
  },
];

/** `portcullis test`, with gator test's flags, output and exit status. */
export const testCommand: Command = {
  name: "test",
  summary: "review the objects in files by the templates and constraints in them; no cluster needed",
  usage: "-f PATH [flags]",
  positional: 0,
  examples: [
    { what: "objects, templates and constraints of one file", line: "portcullis test -f manifest.yaml" },
    { what: "a folder, and what comes in", line: "kustomize build . | portcullis test -f policies/" },
    { what: "violations as JSON", line: "portcullis test -f . -o json" },
  ],
  flags,
  async run(values, _positional, terminal) {
    const { runTest } = await import("../gator/run-test.ts");
    return runTest(values, terminal);
  },
};
