import type { JsonObject } from "@portcullis/objects";
import { writeYaml } from "@portcullis/objects/yaml";
import { installedCrds } from "@portcullis/policy";
import type { FlagValues } from "../arguments/flag.ts";
import { CommandError } from "../command-error.ts";
import type { Terminal } from "../terminal.ts";
import { namesOf, releasedImage, type ManifestOptions } from "./manifest-options.ts";
import { serverObjects } from "./server-objects.ts";

/** Runs `portcullis manifests`. */
export async function runManifests(values: FlagValues, terminal: Terminal): Promise<number> {
  const options = await readManifestOptions(values, terminal);
  const only = values.string("only");
  if (!["", "crds", "server"].includes(only)) {
    throw new CommandError(`--only ${only}: this is no part; use crds or server`);
  }
  const crds = only === "server" ? [] : installedCrds;
  const server = only === "crds" ? [] : serverObjects(options);
  terminal.out(manifestText([...crds, ...server]));
  return 0;
}

/** The objects as documents of one stream. */
function manifestText(objects: readonly JsonObject[]): string {
  return objects.map((object) => `---\n${writeYaml(object)}`).join("");
}

async function readManifestOptions(values: FlagValues, terminal: Terminal): Promise<ManifestOptions> {
  const profile = values.string("profile");
  if (profile !== "lenient" && profile !== "strict") {
    throw new CommandError(`--profile ${profile}: this is no profile; use lenient or strict`);
  }
  const namespace = values.string("namespace");
  if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(namespace)) {
    throw new CommandError(`--namespace ${namespace}: this is no name of a namespace`);
  }
  const prefix = values.string("name-prefix");
  if (!/^[a-z]([-a-z0-9]{0,28}[a-z0-9])?$/.test(prefix)) {
    throw new CommandError(`--name-prefix ${prefix}: names cannot begin so; use at most 30 of a-z, 0-9 and -`);
  }
  const replicas = values.integer("replicas");
  if (replicas < 1) throw new CommandError(`--replicas ${replicas}: at least one must serve`);
  const image = values.string("image");
  return {
    profile,
    namespace,
    names: namesOf(prefix),
    replicas,
    image: image === "" ? releasedImage : image,
    policies: await readPolicies(values.strings("policies"), terminal),
    eventsInInvolvedNamespace: values.boolean("admission-events-involved-namespace"),
  };
}

async function readPolicies(paths: readonly string[], terminal: Terminal): Promise<readonly JsonObject[]> {
  if (paths.length === 0) return [];
  const { readManifests } = await import("../apply/read-manifests.ts");
  return (await readManifests(paths, true, terminal)).map(({ object }) => object);
}
