import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { checkFamily } from "./check-family.ts";
import type { Case, Family } from "./case.ts";
import { imagesFamily } from "./images-family.ts";
import { libraryFamily } from "./library-family.ts";
import { regoFamily } from "./rego-family.ts";

const families: readonly Family[] = [regoFamily("v1"), regoFamily("v0"), checkFamily, libraryFamily, imagesFamily];

const usage = `usage: npm run conformance -- [DIR] [--verbose] [--known] [--only TEXT]

Runs the corpora found under DIR (../shared/corpus by default): rego/v1, rego/v0, rego/check, gatekeeper-library, images.
  --verbose    print the failing cases, and what differed
  --known      apply test/conformance/known-failures.json to DIR too; it always applies to the default corpus
  --only TEXT  run only the cases whose family and name contain TEXT
Exit status 1 when a case fails that is not listed as known, a listed one passes, or no case ran.
`;

const { values: options, positionals } = parseArgs({
  args: process.argv.slice(2),
  allowPositionals: true,
  options: {
    verbose: { type: "boolean", short: "v", default: false },
    known: { type: "boolean", default: false },
    only: { type: "string" },
    help: { type: "boolean", short: "h", default: false },
  },
});

const defaultCorpus = resolve(import.meta.dirname, "../../../shared/corpus");

if (options.help) {
  process.stdout.write(usage);
} else {
  process.exitCode = await main(positionals[0] === undefined ? defaultCorpus : resolve(positionals[0]));
}

async function main(corpus: string): Promise<number> {
  if (!existsSync(corpus)) {
    process.stderr.write(`no corpus at ${corpus}: name its folder, as in npm run conformance -- DIR\n`);
    return 1;
  }
  const known = new Set(corpus === defaultCorpus || options.known ? readKnown() : []);
  let ran = 0;
  let wrong = 0;
  const seen = new Set<string>();
  for (const family of families) {
    const folder = join(corpus, family.folder);
    if (!existsSync(folder)) continue;
    if (family.cases === undefined) {
      process.stdout.write(`${family.folder}: skipped, nothing runs this family yet\n`);
      continue;
    }
    const tally = await runFamily(family, family.cases(folder), known, seen);
    ran += tally.ran;
    wrong += tally.wrong;
  }
  if (ran === 0) process.stderr.write(`no case ran: nothing under ${corpus} is a family that this runner knows\n`);
  if (options.only === undefined && corpus === defaultCorpus) {
    for (const name of known) {
      if (seen.has(name)) continue;
      process.stdout.write(`listed as known to fail, but there is no such case: ${name}\n`);
      wrong += 1;
    }
  }
  return ran === 0 || wrong > 0 ? 1 : 0;
}

async function runFamily(
  family: Family,
  cases: readonly Case[],
  known: ReadonlySet<string>,
  seen: Set<string>,
): Promise<{ ran: number; wrong: number }> {
  let [passes, failures, expected, wrong] = [0, 0, 0, 0];
  for (const test of cases) {
    const name = `${family.folder}: ${test.name}`;
    if (options.only !== undefined && !name.includes(options.only)) continue;
    seen.add(name);
    const verdict = await settle(test);
    if (verdict.kind === "noted" && options.verbose) process.stdout.write(`  note ${name}: ${verdict.note}\n`);
    if (verdict.kind !== "failed") {
      passes += 1;
      if (known.has(name)) {
        wrong += 1;
        process.stdout.write(`  listed as known to fail, but passes: ${name}\n`);
      }
      continue;
    }
    failures += 1;
    if (known.has(name)) expected += 1;
    else wrong += 1;
    if (options.verbose)
      process.stdout.write(`  ${known.has(name) ? "known" : "FAIL"} ${name}\n      ${verdict.reason}\n`);
  }
  if (passes + failures > 0 || options.only === undefined) {
    const aside = expected > 0 ? ` (${expected} known)` : "";
    process.stdout.write(`${family.folder}: ${passes} passed, ${failures} failed${aside}\n`);
  }
  return { ran: passes + failures, wrong };
}

/** A fault of ours in one case is that case's failure and nobody else's. */
async function settle(test: Case): Promise<Awaited<ReturnType<Case["run"]>>> {
  try {
    return await test.run();
  } catch (fault) {
    return { kind: "failed", reason: fault instanceof Error ? (fault.stack ?? fault.message) : String(fault) };
  }
}

function readKnown(): string[] {
  const parsed: unknown = JSON.parse(readFileSync(join(import.meta.dirname, "known-failures.json"), "utf8"));
  if (!Array.isArray(parsed) || !parsed.every((name) => typeof name === "string")) {
    throw new Error("known-failures.json must hold a list of case names");
  }
  return parsed;
}
