/** What a command may use of the process it runs in; a test hands in its own. */
export interface Terminal {
  out(text: string): void;
  error(text: string): void;
  /** Whether a person is watching. */
  readonly isInteractive: boolean;
  /** Whether colours may be used. */
  readonly hasColor: boolean;
  readonly columns: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The folder that relative paths start from. */
  readonly directory: string;
  /** All of standard input, or undefined where it is a terminal. */
  readInput(): Promise<string | undefined>;
  /** Fires at SIGINT or SIGTERM. */
  readonly interrupted: AbortSignal;
}
