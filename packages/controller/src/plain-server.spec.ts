import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { servePlain } from "./plain-server.ts";

test("whoever opens connections and keeps them shuts out nobody who asks", async () => {
  const route = () => Promise.resolve({ status: 200, contentType: "text/plain", text: "ok" });
  const server = await servePlain({ host: "127.0.0.1", port: 0 }, route, 8);
  const kept = await Promise.all(
    Array.from({ length: 40 }, async () => {
      const socket = connect({ host: "127.0.0.1", port: server.port });
      socket.on("error", () => {});
      socket.resume();
      await once(socket, "connect");
      return socket;
    }),
  );
  const answer = await fetch(`http://127.0.0.1:${server.port}/`, { headers: { connection: "close" } });
  assert.equal(await answer.text(), "ok");
  assert.ok(kept.filter((socket) => !socket.destroyed && !socket.readableEnded).length <= 8);
  for (const socket of kept) socket.destroy();
  await server.close();
});
