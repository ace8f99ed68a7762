import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { capabilitiesOf, readCapabilities, type Capabilities } from "@portcullis/rego/tools";
import type { FlagValues } from "../arguments/flag.ts";
import { UsageError } from "../usage-error.ts";

/** What `--capabilities` names: a release of OPA, or a file; undefined where it was not given. */
export async function capabilitiesWanted(values: FlagValues, directory: string): Promise<Capabilities | undefined> {
  const name = values.string("capabilities");
  if (name === "") return undefined;
  let text: string;
  try {
    text = await readFile(resolve(directory, name), "utf8");
  } catch {
    // What is no file is a release's name, or nothing; OPA says no more of a file that cannot be read.
    const ofRelease = capabilitiesOf(name);
    if (ofRelease !== undefined) return ofRelease;
    throw new UsageError(
      `invalid argument "${name}" for "--capabilities" flag: no such file or capabilities version found: ${name}\n` +
        "Name a release of OPA, such as v1.4.0, or a file as `opa capabilities --current` prints it.",
    );
  }
  const read = readCapabilities(text);
  if (read.ok) return read.value;
  throw new UsageError(
    `invalid argument "${name}" for "--capabilities" flag: ${read.message}\n` +
      "A file has builtins, future_keywords and features, as `opa capabilities --current` prints them.",
  );
}
