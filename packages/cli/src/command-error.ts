/** Ends a command with a text for its user: what, where, why and what to do. No stack is shown. */
export class CommandError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "CommandError";
  }
}
