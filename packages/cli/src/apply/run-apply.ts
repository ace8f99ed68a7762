import { groupVersionKindOf, nameOf, type JsonObject } from "@portcullis/objects";
import { Discovery, httpsTransport, KubeClient, loadConfig, commandClock } from "@portcullis/kube";
import type { FlagValues } from "../arguments/flag.ts";
import { clusterTrouble } from "../cluster-trouble.ts";
import { CommandError } from "../command-error.ts";
import type { Terminal } from "../terminal.ts";
import { readApplyOptions, type ApplyOptions } from "./apply-options.ts";
import { applyObject, type Applied, type ApplierOptions } from "./apply-object.ts";
import { untilEstablished, untilInForce, type Awaited } from "./in-force.ts";
import { titleOf, type Manifest } from "./manifest.ts";
import { phasesOf } from "./phases.ts";
import { readManifests } from "./read-manifests.ts";
import { findStrayFields } from "./stray-fields.ts";

/** Runs `portcullis apply`: 0 where everything was applied and, where that was asked for, is in force. */
export async function runApply(values: FlagValues, terminal: Terminal): Promise<number> {
  const options = readApplyOptions(values);
  const manifests = await readManifests(options.filenames, options.recursive, terminal);
  const { kubeconfig, context } = options;
  const config = await loadConfig(
    { ...(kubeconfig === "" ? {} : { kubeconfig }), ...(context === "" ? {} : { context }) },
    terminal.environment,
  );
  if (!config.ok) throw new CommandError(config.message);
  const onWarning = (text: string): void => {
    terminal.error(`Warning: ${text}\n`);
  };
  const client = new KubeClient(httpsTransport(config.value, "portcullis"), { onWarning });
  try {
    const run = new ApplyRun(client, options, config.value.namespace, terminal);
    await run.apply(manifests);
    return run.failed ? 1 : 0;
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const { environment } = terminal;
    throw clusterTrouble(error, { cluster: config.value, done: "asked", kubeconfig, environment });
  } finally {
    client.close();
  }
}

const templates = {
  group: "templates.gatekeeper.sh",
  version: "v1",
  plural: "constrainttemplates",
  kind: "ConstraintTemplate",
  namespaced: false,
};

/** One run of the command: part after part, and nothing after a part that failed. */
class ApplyRun {
  readonly #client: KubeClient;
  readonly #options: ApplyOptions;
  readonly #applier: Omit<ApplierOptions, "deadline">;
  readonly #terminal: Terminal;
  readonly #deadline: number;
  failed = false;

  constructor(client: KubeClient, options: ApplyOptions, contextNamespace: string, terminal: Terminal) {
    this.#client = client;
    this.#options = options;
    this.#terminal = terminal;
    this.#deadline = commandClock.now() + options.timeoutMilliseconds;
    this.#applier = {
      client,
      discovery: new Discovery(client, commandClock),
      clock: commandClock,
      apply: options.apply,
      namespace: options.namespace === "" ? contextNamespace : options.namespace,
      onlyNamespace: options.namespace !== "",
      isDry: options.dryRun === "client",
      interrupted: terminal.interrupted,
    };
  }

  async apply(manifests: readonly Manifest[]): Promise<void> {
    const phases = phasesOf(manifests);
    await this.#refuseStrayFields(phases.constraints, phases.templates);
    const definitions = await this.#applyAll(phases.definitions);
    if (!this.#isDry) this.#report(await untilEstablished(definitions, this.#waiting("templateUID")));
    if (this.failed) return this.#leave([...phases.templates, ...phases.constraints, ...phases.rest]);
    await this.#untilInForce(await this.#applyAll(phases.templates), "templateUID");
    if (this.failed) return this.#leave([...phases.constraints, ...phases.rest]);
    const made = new Set(phases.templates.map(({ object }) => nameOf(object)));
    await this.#untilInForce(await this.#applyConstraints(phases.constraints, made), "constraintUID");
    if (this.failed) return this.#leave(phases.rest);
    await this.#applyAll(phases.rest);
  }

  get #isDry(): boolean {
    return this.#options.dryRun !== "none";
  }

  async #refuseStrayFields(constraints: readonly Manifest[], given: readonly Manifest[]): Promise<void> {
    if (this.#options.apply.fieldValidation === "Ignore") return;
    const problems = await findStrayFields(constraints, given, async (name) => {
      const found = await this.#client.get(templates, { name });
      return found.ok ? found.value : undefined;
    });
    if (problems.length === 0) return;
    if (this.#options.apply.fieldValidation === "Warn") {
      for (const problem of problems) this.#terminal.error(`Warning: ${problem}\n`);
    } else {
      throw new CommandError(`${problems.join("\n")}\nnothing was applied; --validate=warn applies it nevertheless`);
    }
  }

  async #applyAll(manifests: readonly Manifest[]): Promise<readonly Awaited[]> {
    const awaited: Awaited[] = [];
    for (const manifest of manifests) {
      // Without --wait what is refused is told at once.
      const deadline = this.#options.wait ? this.#deadline : 0;
      awaited.push(...this.#tell(await applyObject(manifest, { ...this.#applier, deadline })));
    }
    return awaited;
  }

  /** A kind that a template of this run makes is waited for in any case: without it nothing can be sent. */
  async #applyConstraints(constraints: readonly Manifest[], made: ReadonlySet<string>): Promise<readonly Awaited[]> {
    const awaited: Awaited[] = [];
    for (const manifest of constraints) {
      const gvk = groupVersionKindOf(manifest.object);
      const isNew = made.has(gvk.kind.toLowerCase());
      if (this.#isDry && isNew && (await this.#applier.discovery.find(gvk)) === undefined) {
        this.#terminal.error(
          `${titleOf(manifest.object)}: checked here alone, since its kind comes with its template\n`,
        );
        this.#out(titleOf(manifest.object), "created");
        continue;
      }
      const deadline = this.#options.wait || isNew ? this.#deadline : 0;
      awaited.push(...this.#tell(await applyObject(manifest, { ...this.#applier, deadline })));
    }
    return awaited;
  }

  async #untilInForce(awaited: readonly Awaited[], uidField: "templateUID" | "constraintUID"): Promise<void> {
    if (this.#options.wait && !this.#isDry) this.#report(await untilInForce(awaited, this.#waiting(uidField)));
  }

  #waiting(uidField: "templateUID" | "constraintUID"): Parameters<typeof untilInForce>[1] {
    return {
      client: this.#client,
      clock: commandClock,
      gatekeeperNamespace: this.#options.gatekeeperNamespace,
      uidField,
      deadline: this.#deadline,
      interrupted: this.#terminal.interrupted,
      progress: (text) => {
        this.#terminal.error(text);
      },
    };
  }

  #tell(applied: Applied): readonly { readonly resource: Awaited["resource"]; readonly object: JsonObject }[] {
    if (!applied.ok) {
      this.#report([applied.message]);
      return [];
    }
    this.#out(applied.title, applied.word);
    return [applied];
  }

  #out(title: string, word: string): void {
    const { dryRun } = this.#options;
    const note = dryRun === "none" ? "" : dryRun === "server" ? " (server dry run)" : " (dry run)";
    this.#terminal.out(`${title} ${word}${note}\n`);
  }

  #report(problems: readonly string[]): void {
    for (const problem of problems) this.#terminal.error(`${problem}\n`);
    if (problems.length > 0) this.failed = true;
  }

  /** What follows was meant to be under the policies, so without them it is not applied. */
  #leave(left: readonly Manifest[]): void {
    for (const { object } of left)
      this.#terminal.error(`${titleOf(object)}: not applied, since what comes before it failed\n`);
  }
}
