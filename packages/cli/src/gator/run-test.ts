import { compareBytes, groupVersionKindOf, nameOf, namespaceOf, quoteGo, type JsonObject } from "@portcullis/objects";
import { NodeHost } from "@portcullis/host";
import {
  Client,
  describeMisspeltField,
  isConstraint,
  isTemplate,
  RegoDriver,
  reviewOfObject,
  reviewWithHost,
  type Outcome,
  type Problem,
  type Result,
} from "@portcullis/policy";
import { describeNeed } from "@portcullis/rego/host";
import type { FlagValues } from "../arguments/flag.ts";
import { CommandError } from "../command-error.ts";
import { findConflicts, readSources, type Source } from "../files/read-sources.ts";
import type { Terminal } from "../terminal.ts";
import { formatResults, isDenied, type GatorResult } from "./format-results.ts";

/** As much of what policies print as gator shows. */
const printLimit = 1024 * 1024;

/** Reviews every object by the policies among them, as gator test does. */
export async function runTest(values: FlagValues, terminal: Terminal): Promise<number> {
  refuseWhatIsMissing(values, terminal);
  const warn = (text: string): void => {
    terminal.error(text);
  };
  const sources = await readSources(values.strings("filename"), await terminal.readInput(), terminal.directory, warn);
  for (const warning of findConflicts(sources)) warn(`${timestamp(new Date())} ${warning}\n`);
  const objects = sources.flatMap((source) => source.objects);
  if (objects.length === 0) throw new CommandError("no input data identified");

  const printed: string[] = [];
  const print = values.boolean("verbose") ? (line: string): void => void printed.push(line) : undefined;
  const driver = new RegoDriver({ print: print !== undefined, integers: "doubles", writtenDetails: true });
  const client = new Client({ drivers: [driver] });
  await load(client, objects);
  for (const doubt of doubtsOf(client, sources)) warn(`warning: ${doubt}\n`);
  const results = await review(client, objects, print, terminal);
  const shown = values.boolean("deny-only") ? results.filter(isDenied) : results;
  terminal.out(formatResults(shown, values.string("output")));
  if (printed.length > 0) terminal.out(`\n${limited(printed.map((line) => `${line}\n`).join(""))}\n`);
  return results.some(isDenied) ? 1 : 0;
}

/** What gator passes over without a word, and what was most likely not meant. */
function doubtsOf(client: Client, sources: readonly Source[]): readonly string[] {
  const constraints = sources.flatMap(({ label, objects }) =>
    objects.filter(isConstraint).map((constraint) => ({ label, constraint })),
  );
  if (constraints.length === 0) return ["there is no constraint among the objects, so nothing is reviewed"];
  return constraints.flatMap(({ label, constraint }) =>
    client.misspeltFieldsOf(constraint).map((field) => {
      const { kind } = groupVersionKindOf(constraint);
      return `${kind} ${nameOf(constraint)} (${label}): ${describeMisspeltField(field)}`;
    }),
  );
}

function refuseWhatIsMissing(values: FlagValues, terminal: Terminal): void {
  if (values.given("image")) {
    throw new CommandError(
      "--image is not there yet: this version reads files only; unpack the image and use --filename",
    );
  }
  const policy = values.string("default-k8s-native-validation-failure-policy");
  if (policy !== "Fail" && policy !== "Ignore") {
    throw new CommandError(
      `invalid default K8sNativeValidation failure policy: invalid value for --default-k8s-native-validation-failure-policy: ${quoteGo(policy)}; use Fail or Ignore`,
    );
  }
  for (const flag of ["trace", "stats"]) {
    if (values.boolean(flag)) terminal.error(`warning: --${flag} is not there yet; it is ignored\n`);
  }
}

/** Templates first, then constraints, then every object as data, each in the order of the files. */
async function load(client: Client, objects: readonly JsonObject[]): Promise<void> {
  for (const object of objects.filter(isTemplate)) {
    check(await client.addTemplate(object), `adding template ${quoteGo(nameOf(object))}`);
  }
  for (const object of objects.filter(isConstraint)) {
    check(client.addConstraint(object), `adding constraint ${quoteGo(nameOf(object))}`);
  }
  for (const object of objects) {
    const { group, version, kind } = groupVersionKindOf(object);
    check(client.addData(object), `adding data of GVK ${quoteGo(`${group}/${version}, Kind=${kind}`)}`);
    if (group === "expansion.gatekeeper.sh" || group === "mutations.gatekeeper.sh") {
      const part = group === "expansion.gatekeeper.sh" ? "expansion" : "mutation";
      throw new CommandError(
        `auditing objects: ${kind} ${quoteGo(nameOf(object))}: ${part} is not there yet, and without it the verdicts could be wrong; take the object out of the input`,
      );
    }
  }
}

async function review(
  client: Client,
  objects: readonly JsonObject[],
  print: ((line: string) => void) | undefined,
  terminal: Terminal,
): Promise<readonly GatorResult[]> {
  const host = new NodeHost({ environment: terminal.environment });
  const namespaces = new Map(
    objects
      .filter((object) => groupVersionKindOf(object).kind === "Namespace" && groupVersionKindOf(object).group === "")
      .map((object) => [nameOf(object), object]),
  );
  const now = BigInt(Date.now()) * 1_000_000n;
  const found: GatorResult[] = [];
  for (const object of objects) {
    const namespace = namespaceFor(object, namespaces);
    const prepared = reviewOfObject(object, { namespace, source: "Original" });
    // With gator the namespace counts for matching alone; policies never see it.
    const unseen = { ...prepared, document: { ...prepared.document, namespaceObject: {} } };
    const reviewing = { enforcementPoint: "gator.gatekeeper.sh", now, print } as const;
    const outcome = await reviewWithHost(client, unseen, reviewing, host, terminal.interrupted);
    const { group, version, kind } = groupVersionKindOf(object);
    const what = `reviewing ${group}/${version}, Kind=${kind} ${namespaceOf(object)}/${nameOf(object)}`;
    switch (outcome.kind) {
      case "results":
        found.push(...outcome.results.map((result) => ({ result, object })));
        break;
      case "error":
        throw new CommandError(`auditing objects: ${what}: ${outcome.message}`);
      case "needs":
        throw new CommandError(
          `auditing objects: ${what}: no answer came to ${outcome.needs.map(describeNeed).join(", ")}`,
        );
    }
  }
  return found.toSorted((left, right) => compareGator(left.result, right.result));
}

function compareGator(left: Result, right: Result): number {
  return compareBytes(left.enforcementAction, right.enforcementAction) || compareBytes(left.message, right.message);
}

const emptyNamespace: JsonObject = { metadata: {}, spec: {}, status: {} };

/** The namespace that gator gives a review: an empty one to objects of the cluster, `default` also where it is not given. */
function namespaceFor(object: JsonObject, namespaces: ReadonlyMap<string, JsonObject>): JsonObject | undefined {
  const name = namespaceOf(object);
  if (name === "") return emptyNamespace;
  const given = namespaces.get(name);
  if (given !== undefined || name !== "default") return given;
  return { ...emptyNamespace, metadata: { name: "default" } };
}

function check(outcome: Outcome<unknown>, doing: string): void {
  if (!outcome.ok) throw new CommandError(`auditing objects: ${doing}: ${describe(outcome.problem)}`);
}

/** A problem with where it is and what to do. */
function describe({ message, location, help }: Problem): string {
  const where =
    location === undefined
      ? ""
      : `\n  at line ${location.row}, column ${location.column} of the Rego (${location.source})`;
  return `${message}${where}${help === undefined ? "" : `\n  ${help}`}`;
}

function limited(text: string): string {
  return text.length <= printLimit ? text : `${text.slice(0, printLimit)}\n... additional print output truncated ...\n`;
}

/** Go's log prefix. */
function timestamp(at: Date): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = `${at.getFullYear()}/${two(at.getMonth() + 1)}/${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}
