import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The real programs that our answers are held against, each pinned by a go.mod beside this file. */
const programs = {
  opa: { module: "opa", main: "github.com/open-policy-agent/opa", file: "opa-1.22.2" },
  gator: {
    module: "gatekeeper",
    main: "github.com/open-policy-agent/gatekeeper/v3/cmd/gator",
    file: "gator-3.23.1",
  },
  gatekeeper: { module: "gatekeeper", main: "github.com/open-policy-agent/gatekeeper/v3", file: "gatekeeper-3.23.1" },
  helm: { module: "helm", main: "helm.sh/helm/v4/cmd/helm", file: "helm-4.3.1" },
} as const;

export type OracleName = keyof typeof programs;

/** Where built programs are kept: outside the checkout, so that every clone shares them. */
export function oracleCache(): string {
  const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  return join(cache, "portcullis", "oracle");
}

/** The path of a real program if it has been built, else undefined. Never builds. */
export function findOracle(name: OracleName): string | undefined {
  const path = join(oracleCache(), programs[name].file);
  return existsSync(path) ? path : undefined;
}

/** Builds a real program with the machine's Go unless it is there (minutes, once). Undefined where there is no Go. */
export function buildOracle(name: OracleName): string | undefined {
  const found = findOracle(name);
  if (found !== undefined) return found;
  const { module, main, file } = programs[name];
  try {
    execFileSync("go", ["version"], { stdio: "ignore" });
  } catch {
    return undefined;
  }
  mkdirSync(oracleCache(), { recursive: true });
  const path = join(oracleCache(), file);
  execFileSync("go", ["build", "-o", path, main], { cwd: join(import.meta.dirname, module), stdio: "inherit" });
  return path;
}

if (import.meta.main) {
  const names = process.argv.slice(2);
  for (const name of names.length > 0 ? names : Object.keys(programs)) {
    if (!Object.hasOwn(programs, name)) {
      process.stderr.write(`no such program: ${name}; known are ${Object.keys(programs).join(", ")}\n`);
      process.exitCode = 1;
      continue;
    }
    // The check above makes it one of the names.
    const path = buildOracle(name as OracleName);
    process.stdout.write(path === undefined ? `${name}: not built, there is no Go on PATH\n` : `${name}: ${path}\n`);
  }
}
