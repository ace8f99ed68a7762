import type { IncomingMessage, ServerResponse } from "node:http";

/** The most that a body may have. */
export const bodyLimit: number = 7 * 1024 * 1024;

/** A call that is being read and answered. */
export class Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly deadline: number;
  size = 0;
  isOver = false;
  /** Whether its body is read and it is being answered. */
  isServed = false;
  /** As much of what it holds as its server has counted. */
  counted = 0;
  #first: Buffer | undefined;
  #more: Buffer[] | undefined;

  constructor(request: IncomingMessage, response: ServerResponse, deadline: number) {
    this.request = request;
    this.response = response;
    this.deadline = deadline;
  }

  take(chunk: Buffer): void {
    this.size += chunk.byteLength;
    // What is too large is read to its end, so that the answer reaches who is still sending.
    if (this.size > bodyLimit) this.#more = this.#first = undefined;
    else if (this.#first === undefined) this.#first = chunk;
    else (this.#more ??= [this.#first]).push(chunk);
  }

  /** Bytes that are held. */
  get held(): number {
    return this.size > bodyLimit ? 0 : this.size;
  }

  /** Lets go of the body. */
  drop(): void {
    this.#more = this.#first = undefined;
  }

  /** The body; undefined where it is too large. */
  text(): string | undefined {
    if (this.size > bodyLimit) return undefined;
    return (this.#more === undefined ? this.#first : Buffer.concat(this.#more))?.toString("utf8") ?? "";
  }
}

/** The value of a header, its name in small letters. */
export function headerOf({ rawHeaders }: IncomingMessage, name: string): string | undefined {
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const candidate = rawHeaders[at];
    if (candidate?.length === name.length && candidate.toLowerCase() === name) return rawHeaders[at + 1];
  }
  return undefined;
}
