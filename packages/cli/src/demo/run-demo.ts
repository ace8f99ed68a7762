import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { httpsTransport, KubeClient } from "@portcullis/kube";
import type { FlagValues } from "../arguments/flag.ts";
import { indented, styleFor, wrap, type Style } from "../output/style.ts";
import { readSandboxFlags } from "../sandbox/flags.ts";
import { startEnforcing, type EnforcingSandbox } from "../sandbox/start-enforcing.ts";
import { untilInterrupted } from "../sandbox/until-interrupted.ts";
import type { Terminal } from "../terminal.ts";
import type { Carried, Hand } from "./hand.ts";
import { findKubectl, kubectlHand } from "./kubectl-hand.ts";
import { ownHand } from "./own-hand.ts";
import { pods, podStatus } from "./pods.ts";
import { epilogue, story, type Chapter, type Step } from "./story.ts";

/** How long a Pod may take to come to a status. */
const patienceMilliseconds = 30_000;

/** Tells the story against a sandbox of its own; on a terminal the sandbox then stays until it is interrupted. */
export async function runDemo(values: FlagValues, terminal: Terminal): Promise<number> {
  const from = performance.now();
  const sandbox = await startEnforcing(readSandboxFlags(values), terminal.directory);
  const cache = await mkdtemp(join(tmpdir(), "portcullis-kubectl-"));
  const client = new KubeClient(httpsTransport(sandbox.cluster, "portcullis-demo"));
  try {
    const folder = fileURLToPath(new URL("../../../../examples/private-registry", import.meta.url));
    const kubectl = await findKubectl(terminal.environment["PATH"]);
    const environment = {
      ...terminal.environment,
      KUBECONFIG: sandbox.kubeconfigPath,
      // What kubectl remembers of this server is of no use to any other.
      KUBECACHEDIR: cache,
    };
    const hand = kubectl === undefined ? ownHand(client, folder) : kubectlHand(kubectl, folder, environment);
    const telling = new Telling(terminal, hand, client);
    telling.open(sandbox, (performance.now() - from) / 1000, folder);
    for (const [at, chapter] of story.entries()) {
      if (terminal.interrupted.aborted) return 130;
      await telling.tell(at + 1, chapter);
    }
    for (const step of epilogue) await telling.step(step, false);
    if (terminal.interrupted.aborted) return 130;
    const stays = terminal.isInteractive && !values.boolean("once");
    telling.close(sandbox, folder, stays);
    if (stays) await untilInterrupted(terminal);
    return telling.failures === 0 ? 0 : 1;
  } finally {
    client.close();
    await sandbox.stop();
    await rm(cache, { recursive: true, force: true });
  }
}

/** The story as it is told on a terminal. */
class Telling {
  readonly #terminal: Terminal;
  readonly #hand: Hand;
  readonly #client: KubeClient;
  readonly #style: Style;
  readonly #width: number;
  failures = 0;

  constructor(terminal: Terminal, hand: Hand, client: KubeClient) {
    this.#terminal = terminal;
    this.#hand = hand;
    this.#client = client;
    this.#style = styleFor(terminal);
    this.#width = Math.max(40, Math.min(terminal.columns, 100) - 2);
  }

  open(sandbox: EnforcingSandbox, seconds: number, folder: string): void {
    const { strong, quiet } = this.#style;
    this.#terminal.out(`\n${strong("Portcullis")}  admission policy for Kubernetes\n\n`);
    this.#say(
      `A Kubernetes API server runs in this process, at ${sandbox.url}, with Portcullis enforcing in it; both were ready after ${seconds.toFixed(1)} s. Nothing below is faked: every command goes to that server. ${this.#hand.introduction}`,
    );
    this.#terminal.out(`\n  ${quiet(`The files are in ${folder}`)}\n\n`);
  }

  async tell(number: number, chapter: Chapter): Promise<void> {
    const { strong } = this.#style;
    this.#terminal.out(`${strong(`${number}. ${chapter.title}`)}\n\n`);
    this.#say(chapter.intro);
    this.#terminal.out("\n");
    for (const step of chapter.steps) await this.step(step, true);
    if (chapter.lesson !== undefined) {
      this.#say(chapter.lesson);
      this.#terminal.out("\n");
    }
  }

  async step(step: Step, isShown: boolean): Promise<void> {
    const { action } = step;
    if (action.kind === "wait") {
      const reached = await this.#wait(action.pod, action.status);
      if (reached !== undefined && !this.#terminal.interrupted.aborted)
        this.#fail(`the Pod ${action.pod} should be ${action.status} by now, and is ${reached}`);
      return;
    }
    const carried = await this.#carry(action);
    // Ctrl-C ends kubectl as well, which says nothing about the step.
    if (this.#terminal.interrupted.aborted) return;
    if (isShown) this.#show(carried);
    const wrong = whatIsWrong(step, carried);
    if (wrong === undefined) return;
    if (!isShown) this.#show(carried);
    this.#fail(wrong);
  }

  close(sandbox: EnforcingSandbox, folder: string, stays: boolean): void {
    const { strong, typed, good, bad } = this.#style;
    if (this.failures > 0) {
      const steps = this.failures === 1 ? "One step" : `${this.failures} steps`;
      this.#terminal.out(`${bad(`${steps} did not come out as told; see above.`)}\n`);
    } else this.#terminal.out(`${good("Every step came out as told.")}\n`);
    if (!stays) {
      this.#terminal.out("\nTo go on by hand: run npm start in a terminal, or npx portcullis sandbox.\n\n");
      return;
    }
    const row = (line: string, what: string): string => `  ${typed(line.padEnd(52))}${what}\n`;
    this.#terminal.out(
      [
        `\n${strong("Go on by hand")}\n\n`,
        "  The template and the constraint are in force. In another terminal:\n\n",
        `  ${typed(`export KUBECONFIG=${sandbox.kubeconfigPath}`)}\n`,
        `  ${typed(`cd ${folder}`)}\n\n`,
        row("kubectl run web --image=nginx", "is refused"),
        row("kubectl run web --image=private.example.com/nginx", "runs"),
        row("kubectl create deployment web --image=nginx", "makes no Pod; kubectl get events tells why"),
        row("kubectl get constraints", "shows what is in force"),
        row("kubectl delete -f constraint.yaml", "lifts it"),
        `\n  ${strong("Ctrl-C")} ends the server; nothing is kept.\n`,
      ].join(""),
    );
  }

  #carry(action: Exclude<Step["action"], { kind: "wait" }>): Promise<Carried> {
    switch (action.kind) {
      case "apply":
        return this.#hand.apply(action.file);
      case "get-pods":
        return this.#hand.getPods();
      case "delete-pod":
        return this.#hand.deletePod(action.name);
    }
  }

  #show({ line, status, output }: Carried): void {
    const { typed, bad, quiet } = this.#style;
    this.#terminal.out(`  ${quiet("$")} ${typed(line)}\n`);
    // On a terminal long lines are broken for reading; else they stay as they came, for whoever searches them.
    const lines = output.trimEnd().split("\n");
    const broken = this.#terminal.isInteractive ? lines.flatMap((text) => wrapOutput(text, this.#width - 2)) : lines;
    this.#terminal.out(`${indented(status === 0 ? broken : broken.map(bad), "  ")}\n`);
  }

  #say(text: string): void {
    this.#terminal.out(indented(wrap(text, this.#width), "  "));
  }

  #fail(what: string): void {
    this.failures += 1;
    this.#terminal.out(`  ${this.#style.bad(`✗ not as told: ${what}`)}\n\n`);
  }

  /** Waits until the Pod has the status; what it is where it does not come to it. */
  async #wait(name: string, status: string): Promise<string | undefined> {
    const until = performance.now() + patienceMilliseconds;
    for (;;) {
      const found = await this.#client.get(pods, { name, namespace: "default" });
      const now = found.ok ? podStatus(found.value) : found.status.message;
      if (now === status) return undefined;
      if (performance.now() > until || this.#terminal.interrupted.aborted) return now;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Tables keep their lines; running text is broken at blanks. */
function wrapOutput(text: string, width: number): readonly string[] {
  return / {3}/.test(text) ? [text] : wrap(text, width);
}

/** What of a step is not as the story has it. */
function whatIsWrong({ expect, says, saysNot }: Step, { status, output }: Carried): string | undefined {
  if (expect === "success" && status !== 0) return `the command should succeed, and ended with status ${status}`;
  if (expect === "refusal" && status === 0) return "the command should be refused, and succeeded";
  const missing = says?.find((text) => !output.includes(text));
  if (missing !== undefined) return `\`${missing}\` is missing from what came back`;
  const surplus = saysNot?.find((text) => output.includes(text));
  return surplus === undefined ? undefined : `\`${surplus}\` should not be in what came back`;
}
