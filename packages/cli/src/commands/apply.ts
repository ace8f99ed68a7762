import type { Command } from "./command.ts";

/** `portcullis apply` */
export const applyCommand: Command = {
  name: "apply",
  summary: "apply templates, then their constraints, then everything else, each when the one before it is in force",
  usage: "-f PATH [flags]",
  positional: 0,
  examples: [
    { what: "template and constraint in one go", line: "portcullis apply --wait -f policies/" },
    {
      what: "folders below folders, and what comes in",
      line: "helm template . | portcullis apply -R -f policies/ -f -",
    },
    { what: "see whether the server would take it", line: "portcullis apply --dry-run=server -f policy.yaml" },
  ],
  flags: [
    {
      kind: "strings",
      name: "filename",
      short: "f",
      value: "PATH",
      summary: "a file, folder or https address of objects, - for standard input; may be given more than once",
    },
    {
      kind: "boolean",
      name: "recursive",
      short: "R",
      default: false,
      summary: "read the folders below folders as well",
    },
    {
      kind: "boolean",
      name: "wait",
      default: false,
      summary: "wait until templates and constraints are in force on every replica of the webhook",
    },
    {
      kind: "string",
      name: "timeout",
      value: "DURATION",
      default: "2m",
      summary: "how long to wait in all, as 90s or 2m; 0 for no limit",
    },
    {
      kind: "string",
      name: "dry-run",
      value: "HOW",
      default: "none",
      bare: "server",
      summary: "none, server (all but writing), or client (nothing is sent); behind an equals sign",
    },
    {
      kind: "string",
      name: "validate",
      value: "HOW",
      default: "strict",
      bare: "strict",
      summary: "what becomes of unknown fields: strict refuses, warn warns, ignore says nothing; behind an equals sign",
    },
    {
      kind: "string",
      name: "field-manager",
      value: "NAME",
      default: "portcullis-apply",
      summary: "who owns the fields that are applied",
    },
    {
      kind: "boolean",
      name: "force-conflicts",
      default: false,
      summary: "take over fields that another manager owns",
    },
    {
      kind: "string",
      name: "namespace",
      short: "n",
      value: "NAME",
      default: "",
      summary: "where objects go that name none; else the context's",
    },
    {
      kind: "string",
      name: "gatekeeper-namespace",
      value: "NAME",
      default: "gatekeeper-system",
      summary: "where the webhook's Pods are",
    },
    {
      kind: "string",
      name: "kustomize",
      short: "k",
      value: "FOLDER",
      default: "",
      summary: "what kustomize builds of a folder",
      hidden: true,
      refused: "kustomize is not built in; let it build: kustomize build FOLDER | portcullis apply -f -",
    },
    {
      kind: "boolean",
      name: "prune",
      default: false,
      summary: "delete what is no longer in the files",
      hidden: true,
      refused: "nothing is ever deleted; remove what is no longer wanted with kubectl delete -f",
    },
    { kind: "string", name: "kubeconfig", value: "FILE", default: "", summary: "which cluster, and who asks" },
    { kind: "string", name: "context", value: "NAME", default: "", summary: "the context of it" },
  ],
  async run(values, _positional, terminal) {
    const { runApply } = await import("../apply/run-apply.ts");
    return runApply(values, terminal);
  },
};
