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

/** Ports that nobody uses just now. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(servers.map(listenOnLoopback));
  // All are taken before the first is given back, so that none comes twice.
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
