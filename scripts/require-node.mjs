// Says what to do where the Node that npm scripts should run on did not arrive. Runs on any Node, so it is plain JavaScript.
import { whyNodeWillNotDo } from "../packages/cli/bin/needed-node.mjs";

const wrong = whyNodeWillNotDo();
if (wrong !== undefined) {
  process.stderr.write(
    wrong +
      "npm ci brings Node 26 along for linux and darwin on x64 and arm64, as an optional dependency.\n" +
      "If it did not arrive, run npm ci again without --omit=optional, or install Node 26 and put it first on PATH.\n",
  );
  process.exit(1);
}
