/** Does keyed work one at a time, outside the write that caused it; a key that waits is not queued twice. */
export class WorkQueue {
  private readonly work: (key: string) => Promise<void>;
  private readonly report: (error: unknown) => void;
  private readonly waiting = new Set<string>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private running = false;
  private stopped = false;

  constructor(work: (key: string) => Promise<void>, report: (error: unknown) => void) {
    this.work = work;
    this.report = report;
  }

  add(key: string): void {
    if (this.stopped) return;
    this.waiting.add(key);
    if (this.running) return;
    this.running = true;
    setImmediate(() => void this.run());
  }

  /** Adds a key after a while. */
  addAfter(key: string, milliseconds: number): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.add(key);
    }, milliseconds);
    timer.unref();
    this.timers.add(timer);
  }

  stop(): void {
    this.stopped = true;
    this.waiting.clear();
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }

  private async run(): Promise<void> {
    for (const key of this.waiting) {
      this.waiting.delete(key);
      try {
        // One at a time is the point.
        // oxlint-disable-next-line no-await-in-loop
        await this.work(key);
      } catch (error) {
        this.report(error);
        this.addAfter(key, 250);
      }
    }
    this.running = false;
  }
}
