// Says what to do where the Node that npm scripts should run on did not arrive. Runs on any Node, so it is plain JavaScript.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 24 || (major === 24 && minor < 12)) {
  process.stderr.write(
    `portcullis needs Node 24.12 or newer; this is Node ${process.versions.node} on ${process.platform}-${process.arch}.\n` +
      "npm ci brings Node 26 along for linux and darwin on x64 and arm64, as an optional dependency.\n" +
      "If it did not arrive, run npm ci again without --omit=optional, or install Node 26 and put it first on PATH.\n",
  );
  process.exit(1);
}
