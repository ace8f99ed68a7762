import { LeaseHolder } from "@portcullis/kube";
import { Aggregation, type AggregationOptions } from "./aggregate.ts";

/** What holding needs, beside what bringing reports together needs. */
export interface StatusHolderOptions extends AggregationOptions {
  /** Who this replica is. */
  readonly identity: string;
  /** Called when this replica becomes the one that writes what is written once for all. */
  readonly onHeld: () => void;
}

/** Takes part in the holding of the Lease, and brings the replicas' reports together while this replica has it. */
export class StatusHolder {
  readonly #holder: LeaseHolder;
  #running: Aggregation | undefined;
  #ended: Promise<unknown> = Promise.resolve();

  constructor(options: StatusHolderOptions) {
    const { client, clock, log, namespace, identity, onHeld } = options;
    this.#holder = new LeaseHolder({
      client,
      clock,
      namespace,
      name: "portcullis-status",
      identity,
      onChange: (isHolder) => {
        this.#end();
        if (!isHolder) return;
        this.#running = new Aggregation(options);
        this.#running.start();
        onHeld();
      },
      onFailure: (error) => {
        log.warn("asking for the Lease failed; it is tried again", { error });
      },
    });
  }

  /** Whether this replica holds it now. */
  get isHolder(): boolean {
    return this.#holder.isHolder;
  }

  start(): void {
    this.#holder.start();
  }

  /** Gives the Lease up; nothing is written after the promise resolves. */
  async stop(): Promise<void> {
    await this.#holder.stop();
    await this.#ended;
  }

  #end(): void {
    const ended = this.#running;
    this.#running = undefined;
    if (ended !== undefined) this.#ended = Promise.all([this.#ended, ended.stop()]);
  }
}
