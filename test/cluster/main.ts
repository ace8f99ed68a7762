/**
 * Runs the suites that need a cluster: on a real API server, built with the machine's Go where it is not there (minutes,
 * once, kept outside the checkout), and on the sandbox.
 *
 *   npm run test:cluster [-- FILE …]
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { hasKubectl } from "./kubectl.ts";
import { buildClusterPrograms } from "./programs.ts";

const root = join(import.meta.dirname, "../..");

function run(): number {
  if (!hasKubectl()) {
    process.stdout.write("not run: there is no kubectl on PATH, by which the suites speak to a cluster\n");
    return 0;
  }
  const programs = buildClusterPrograms();
  process.stdout.write(
    programs === undefined
      ? "on the sandbox alone: kube-apiserver and etcd are neither in KUBEBUILDER_ASSETS nor on PATH, and there is no Go to build them\n"
      : `on ${programs.apiServer} and on the sandbox\n`,
  );
  const files = process.argv.slice(2);
  const patterns = files.length > 0 ? files : ["test/cluster/**/*.spec.ts"];
  const done = spawnSync(process.execPath, ["scripts/spec.mjs", ...patterns], { cwd: root, stdio: "inherit" });
  return done.status ?? 1;
}

process.exitCode = run();
