/**
 * Runs the suites that need a cluster: on a real API server, built with the machine's Go where it is not there (minutes,
 * once, kept outside the checkout), and on the sandbox. Each is a process; what one says is shown when it ends.
 *
 *   npm run test:cluster [-- [--again] [FILE …] [--test-name-pattern=… …]]
 *
 * With `--again`, suites that fail are run once more, by themselves.
 */
import { spawn } from "node:child_process";
import { globSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { hasKubectl } from "./kubectl.ts";
import { buildClusterPrograms } from "./programs.ts";
import { alone, longest } from "./suites-data.ts";
import { runSuites, type Suite, type SuiteEnd } from "./suites.ts";

const root = join(import.meta.dirname, "../..");
/** Of two suites at once, one waits most of the time. */
const mostLanes = 2;

async function run(): Promise<number> {
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
  const given = process.argv.slice(2);
  const patterns = given.filter((argument) => !argument.startsWith("--"));
  const flags = given.filter((argument) => argument.startsWith("--") && argument !== "--again");
  const suites = suitesOf(patterns.length > 0 ? patterns : ["test/cluster/**/*.spec.ts"]);
  if (suites.length === 0) {
    process.stdout.write(`there is no suite ${patterns.join(" ")}\n`);
    return 1;
  }
  const passed = await runSuites(suites, {
    lanes: Math.min(mostLanes, availableParallelism()),
    again: given.includes("--again"),
    run: (suite) => runSpec(suite.file, flags, suites.length === 1),
    tell: (text) => void process.stdout.write(text),
  });
  return passed ? 0 : 1;
}

/** Those that take longest come first, so that none is left to be waited for. */
function suitesOf(patterns: readonly string[]): readonly Suite[] {
  const files = globSync([...patterns], { cwd: root }).map((file) => file.replaceAll("\\", "/"));
  const place = (file: string): number => (longest.includes(file) ? longest.indexOf(file) : longest.length);
  return files
    .toSorted()
    .toSorted((one, other) => place(one) - place(other))
    .map((file) => ({ file, isAlone: Object.hasOwn(alone, file) }));
}

function runSpec(file: string, flags: readonly string[], isShown: boolean): Promise<SuiteEnd> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["scripts/spec.mjs", ...flags, file], {
      cwd: root,
      stdio: isShown ? "inherit" : ["ignore", "pipe", "pipe"],
    });
    const parts: Buffer[] = [];
    child.stdout?.on("data", (part: Buffer) => parts.push(part));
    child.stderr?.on("data", (part: Buffer) => parts.push(part));
    child.on("error", reject);
    child.on("close", (status) => resolve({ passed: status === 0, output: Buffer.concat(parts).toString() }));
  });
}

process.exitCode = await run();
