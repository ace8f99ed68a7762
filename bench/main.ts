import { engine } from "./engine.ts";
import { size } from "./size.ts";
import { startController } from "./start-controller.ts";
import { start } from "./start.ts";
import { webhook } from "./webhook.ts";

/** The benches by name; each prints its own table. One table, one line a bench. */
const benches: Readonly<Record<string, () => Promise<void>>> = {
  engine,
  size,
  start,
  "start-controller": startController,
  webhook,
};

const name = process.argv[2] ?? "";
const bench = Object.hasOwn(benches, name) ? benches[name] : undefined;
if (bench === undefined) {
  process.stderr.write(`usage: npm run bench -- NAME, where NAME is one of: ${Object.keys(benches).join(", ")}\n`);
  process.exitCode = 1;
} else {
  await bench();
}
