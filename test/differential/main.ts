/** Generated programs through our engine and the real `opa`, held against one another; exit 1 where they differ. */
import { parseArgs } from "node:util";
import { findOracle } from "../oracle/oracle.ts";
import { compareAll } from "./compare.ts";
import { OpaServer } from "./opa-server.ts";

const { values: options } = parseArgs({
  options: { count: { type: "string", default: "1000" }, seed: { type: "string", default: "1" } },
});
const program = findOracle("opa");
if (program === undefined) {
  process.stdout.write("skipped: opa is not built (node test/oracle/oracle.ts opa)\n");
} else {
  process.exitCode = await main(program);
}

async function main(opaProgram: string): Promise<number> {
  const opa = new OpaServer(opaProgram);
  try {
    await opa.start();
    const seeds = { from: Number(options.seed), count: Number(options.count) };
    const { kinds, differences } = await compareAll(opa, seeds, ({ seed, strict, path, text, theirs, ours }) => {
      process.stdout.write(
        `--- seed ${seed}${strict ? ", strict" : ""}, data.${path.join(".")}\n${text}\n  opa:  ${theirs.kind} ${theirs.text}\n  ours: ${ours.kind} ${ours.text}\n`,
      );
    });
    const counts = [...kinds].map(([kind, count]) => `${count} ${kind}`).join(", ");
    process.stdout.write(`${seeds.count} programs: ${counts}; ${differences.length} differ\n`);
    return differences.length === 0 ? 0 : 1;
  } finally {
    await opa.stop();
  }
}
