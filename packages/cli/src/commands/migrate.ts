import type { Command } from "./command.ts";

/** `portcullis migrate` */
export const migrateCommand: Command = {
  name: "migrate",
  summary: "check what of Gatekeeper is used, and whether it works here, works differently or comes later",
  usage: "--check [-f PATH]... [flags]",
  positional: 0,
  examples: [
    { what: "the cluster of the kubeconfig", line: "portcullis migrate --check" },
    {
      what: "files, such as what Helm renders",
      line: "helm get manifest gatekeeper | portcullis migrate --check -f -",
    },
    { what: "for a script", line: "portcullis migrate --check -o json" },
  ],
  flags: [
    { kind: "boolean", name: "check", default: false, summary: "read and report; nothing is changed" },
    {
      kind: "strings",
      name: "filename",
      short: "f",
      value: "PATH",
      summary: "a file or folder of objects, - for standard input; the cluster where none is given",
    },
    { kind: "string", name: "kubeconfig", value: "FILE", default: "", summary: "the cluster to read" },
    { kind: "string", name: "output", short: "o", value: "FORMAT", default: "text", summary: "text or json" },
  ],
  async run(values, _positional, terminal) {
    const { runMigrate } = await import("../migrate/run-migrate.ts");
    return runMigrate(values, terminal);
  },
};
