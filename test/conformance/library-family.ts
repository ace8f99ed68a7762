import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isJsonObject, readYaml } from "@portcullis/objects";
import { isFailure, readSuite, RegoDriver, runSuite, type SuiteResult } from "@portcullis/policy";
import { failed, passed, type Case, type Family, type Verdict } from "./case.ts";

/** The policy library: a case is a suite, and passes when each of its tests comes out as the suite says. */
export const libraryFamily: Family = {
  folder: "gatekeeper-library",
  cases: (folder) =>
    globSync("**/suite.yaml", { cwd: folder })
      .toSorted()
      .map((path): Case => ({ name: path, run: () => runCase(folder, path) })),
};

async function runCase(folder: string, path: string): Promise<Verdict> {
  const [document] = readYaml(readFileSync(join(folder, path), "utf8"), path).documents;
  if (document === undefined || !isJsonObject(document.value)) return failed("the suite is not an object");
  const suite = readSuite(document.value);
  if (suite.kind !== "suite") return failed(suite.kind === "error" ? suite.message : "not a suite");
  const result = await runSuite(suite.suite, {
    path,
    files: (name) => {
      try {
        return { ok: true, text: readFileSync(join(folder, name), "utf8") };
      } catch (error) {
        return { ok: false, message: String(error) };
      }
    },
    drivers: () => [new RegoDriver()],
    now: BigInt(Date.now()) * 1_000_000n,
  });
  if (count(result) === 0) return failed("no case of the suite ran");
  return isFailure(result) ? failed(complaints(result).join("\n      ")) : passed;
}

function count(result: SuiteResult): number {
  return result.tests.reduce((sum, test) => sum + test.cases.filter((item) => !item.skipped).length, 0);
}

function complaints(result: SuiteResult): string[] {
  return result.tests.flatMap((test) => [
    ...(test.error === undefined ? [] : [`${test.name}: ${test.error}`]),
    ...test.cases.flatMap((item) => (item.error === undefined ? [] : [`${test.name}/${item.name}: ${item.error}`])),
  ]);
}
