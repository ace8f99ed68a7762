/** The chart as the real Helm renders it, for the specs that look at what comes out. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { isJsonObject, type JsonObject } from "@portcullis/objects";
import { readYaml } from "@portcullis/objects/yaml";
import { findOracle } from "./oracle/oracle.ts";

/** The chart's folder. */
export const chart: string = join(import.meta.dirname, "..", "charts", "portcullis");

const helm = findOracle("helm");

/** Why a spec that needs Helm is skipped, or false. */
export const withoutHelm: string | false =
  helm === undefined ? "helm is not built here; node --conditions=source test/oracle/oracle.ts helm builds it" : false;

/** What Helm has said. */
export interface HelmRan {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Helm on the chart as the release `portcullis`; `values` are a values file. */
export function runHelm(command: readonly string[], values: JsonObject = {}): HelmRan {
  return onChart([...command, "portcullis", chart, "--namespace", "gatekeeper-system"], values);
}

/** What `helm lint` says of the chart. */
export function lintedChart(values: JsonObject): HelmRan {
  return onChart(["lint", "--strict", chart], values);
}

function onChart(argv: readonly string[], values: JsonObject): HelmRan {
  return spawnSync(helm ?? "", [...argv, "--values", "-"], { encoding: "utf8", input: JSON.stringify(values) });
}

/** The objects that the chart renders. */
export function renderedChart(values: JsonObject, ...flags: readonly string[]): readonly JsonObject[] {
  const done = runHelm(["template", ...flags], values);
  assert.equal(done.status, 0, done.stderr);
  assert.equal(done.stderr, "");
  return objectsIn(done.stdout);
}

/** The objects of a stream of documents. */
export function objectsIn(text: string): readonly JsonObject[] {
  const { documents, diagnostics } = readYaml(text, "rendered");
  assert.deepEqual(
    diagnostics.filter(({ severity }) => severity === "error"),
    [],
  );
  return documents.map(({ value }) => value).filter(isJsonObject);
}
