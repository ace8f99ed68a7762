import type { Socket } from "node:net";

/** What is kept of a connection. */
export interface Connection {
  /** When it was asked last; when it came, before that. */
  lastAsked: number;
  /** How many calls that came on it are being answered. */
  serving: number;
}

interface Open extends Connection {
  readonly name: string;
  readonly from: string;
  readonly socket: Socket;
  /** The secured side of it, where there is one. */
  secured?: Socket;
  /** Looks in a row that saw an answer on its way. */
  waits: number;
}

/** As many looks in a row at an answer that is not taken are enough. */
const mostWaits = 3;

const mark: unique symbol = Symbol("connection");

/** A socket that knows its connection: calls are many, so none is to look it up in a map. */
interface MarkedSocket extends Socket {
  [mark]?: Connection;
}

/** What is kept of the connection that a socket is the secured side of; nothing where it was gone before it was secured. */
export function connectionOf(socket: MarkedSocket): Connection | undefined {
  return socket[mark];
}

/**
 * The open connections, of which there can be only so many, since each takes memory, and one that nobody closes would take
 * it for minutes. Whoever comes is let in, and another one makes way: of those that have most, the one that was not asked
 * for the longest time. An API server keeps 25 idle ones at most, so that it is not the one to give. A connection that
 * a call is being answered on is never closed.
 */
export class Connections {
  readonly #most: number;
  readonly #now: () => number;
  readonly #onClosed: (from: string) => void;
  readonly #open = new Map<string, Open>();

  constructor(most: number, now: () => number, onClosed: (from: string) => void) {
    this.#most = most;
    this.#now = now;
    this.#onClosed = onClosed;
  }

  /** One came, before it is known what it wants. */
  opened(socket: Socket): void {
    // Who has gone already is about to be closed.
    if (socket.remotePort === undefined) return;
    const name = nameOf(socket);
    const open: Open = { name, from: socket.remoteAddress ?? "", socket, lastAsked: this.#now(), serving: 0, waits: 0 };
    this.#open.set(name, open);
    socket.once("close", () => {
      if (this.#open.get(name) === open) this.#open.delete(name);
    });
    if (this.#open.size > this.#most) this.#makeWayFor(open);
  }

  /** It is secured; what comes on it comes on this socket. */
  secured(socket: MarkedSocket): void {
    const open = this.#open.get(nameOf(socket));
    if (open === undefined) return;
    socket[mark] = open;
    open.secured = socket;
  }

  /**
   * Looks for answers that are not taken, and closes their connections: until they are, they are memory. Called so seldom
   * that whoever waits for an answer would have given up. It is no matter whether some of it is being taken.
   */
  look(): void {
    for (const open of this.#open.values()) {
      open.waits = (open.secured ?? open.socket).writableLength > 0 ? open.waits + 1 : 0;
      if (open.waits >= mostWaits) open.socket.destroy();
    }
  }

  #makeWayFor(newcomer: Open): void {
    const counts = new Map<string, number>();
    const idle = [...this.#open.values()].filter(({ serving }) => serving === 0);
    for (const { from } of idle) counts.set(from, (counts.get(from) ?? 0) + 1);
    const most = Math.max(...counts.values());
    let oldest: Open | undefined;
    for (const each of idle) {
      if (each === newcomer || counts.get(each.from) !== most) continue;
      if (oldest === undefined || each.lastAsked < oldest.lastAsked) oldest = each;
    }
    if (oldest === undefined) return;
    this.#open.delete(oldest.name);
    oldest.socket.destroy();
    this.#onClosed(oldest.from);
  }
}

function nameOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
