import type { Command } from "./command.ts";

/** `portcullis manifests` */
export const manifestsCommand: Command = {
  name: "manifests",
  summary: "print what is installed into a cluster: CRDs, RBAC, Deployment, webhook configuration",
  usage: "[flags]",
  positional: 0,
  examples: [
    { what: "install into the current cluster", line: "portcullis manifests | kubectl apply --server-side -f -" },
    { what: "fail closed, with a safe scope", line: "portcullis manifests --profile strict > portcullis.yaml" },
    {
      what: "with policies, which a Job applies when the server is there",
      line: "portcullis manifests --policies policies/ | kubectl apply --server-side -f -",
    },
    { what: "the CRDs alone", line: "portcullis manifests --only crds" },
  ],
  flags: [
    {
      kind: "string",
      name: "profile",
      value: "PROFILE",
      default: "lenient",
      summary: "lenient: failure policy Ignore, as Gatekeeper's; strict: Fail, with a scope that cannot lock a cluster",
    },
    {
      kind: "string",
      name: "namespace",
      short: "n",
      value: "NAME",
      default: "gatekeeper-system",
      summary: "the namespace that it is installed into",
    },
    {
      kind: "string",
      name: "name-prefix",
      value: "PREFIX",
      default: "gatekeeper",
      summary: "what the names begin with; one that is not Gatekeeper's stands beside it",
    },
    { kind: "string", name: "image", value: "REF", default: "", summary: "the server's image; else the release's" },
    { kind: "integer", name: "replicas", value: "N", default: 3, summary: "how many Pods serve" },
    {
      kind: "boolean",
      name: "admission-events-involved-namespace",
      default: false,
      summary: "emit an event for every violation, in the namespace of the object",
    },
    {
      kind: "strings",
      name: "policies",
      value: "PATH",
      summary: "a file or folder of templates and constraints that a Job applies; may be given more than once",
    },
    { kind: "string", name: "only", value: "PART", default: "", summary: "crds or server, instead of both" },
  ],
  async run(values, _positional, terminal) {
    const { runManifests } = await import("../manifests/run-manifests.ts");
    return runManifests(values, terminal);
  },
};
