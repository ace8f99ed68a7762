/** Servers of the tests on this machine's loopback address. */
import { once } from "node:events";
import { createServer, type Server } from "node:net";

/** Lets a server listen on any free port; which one. */
export async function listenOnLoopback(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a listening server has a port");
  return address.port;
}

/** Below those that systems give to outgoing connections, so that none of these takes one before its program does. */
const lowest = 16_384;
const highest = 32_767;
/** Processes that run at the same time begin far from one another, and each goes on where it was. */
let next = lowest + ((process.pid * 64) % (highest - lowest));

/** Ports that nobody uses just now, and that nobody else of the tests takes for a while. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    const port = next;
    next = next === highest ? lowest : next + 1;
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
