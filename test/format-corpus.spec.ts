/** `portcullis rego fmt` over every module of the corpus, beside the real `opa fmt` where that is installed. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { isJsonObject } from "@portcullis/objects";
import { readYaml } from "@portcullis/objects/yaml";
import { formatSource } from "@portcullis/rego/tools";
import { findOracle } from "./oracle/oracle.ts";

const corpus = resolve(import.meta.dirname, "../../shared/corpus");
const opa = findOracle("opa");
const skip = !existsSync(corpus) ? "no corpus beside the checkout" : opa === undefined ? "no opa is built" : false;

type Version = "v0" | "v1";

/** The distinct modules of the conformance cases and of the library's templates. */
function modulesOf(version: Version): readonly string[] {
  const modules = new Set<string>();
  for (const file of globSync(`rego/${version}/*.json`, { cwd: corpus })) {
    const cases: unknown = JSON.parse(readFileSync(join(corpus, file), "utf8"));
    for (const one of listOf(cases)) for (const text of listOf(field(one, "modules"))) modules.add(String(text));
  }
  if (version === "v1") return [...modules];
  for (const file of globSync("gatekeeper-library/**/template.yaml", { cwd: corpus })) {
    for (const { value } of readYaml(readFileSync(join(corpus, file), "utf8"), file).documents) {
      for (const target of listOf(field(field(value, "spec"), "targets"))) {
        for (const text of [field(target, "rego"), ...listOf(field(target, "libs"))]) {
          if (typeof text === "string") modules.add(text);
        }
      }
    }
  }
  return [...modules];
}

function field(value: unknown, name: string): unknown {
  // as: whatever JSON and YAML hold is JSON
  return isJsonObject(value as Parameters<typeof isJsonObject>[0])
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

for (const version of ["v1", "v0"] as const) {
  test(`every ${version} module of the corpus is laid out as opa fmt does, again and again`, { skip }, async () => {
    const modules = modulesOf(version);
    assert.ok(modules.length > 1000);
    const folder = await mkdtemp(join(tmpdir(), "format-corpus-"));
    const nameOf = (at: number): string => join(folder, `${at}.rego`);
    const format = (): void => {
      const flags = version === "v0" ? ["--v0-compatible"] : [];
      execFileSync(opa ?? "", ["fmt", "--write", ...flags, folder], { stdio: ["ignore", "ignore", "inherit"] });
    };
    try {
      for (const [at, text] of modules.entries()) await writeFile(nameOf(at), text);
      let ours = modules;
      for (const round of ["once", "twice"]) {
        format();
        ours = ours.map((text, at) => {
          const formatted = formatSource({ name: nameOf(at), text }, { version });
          assert.ok(formatted.ok, text);
          return formatted.value;
        });
        for (const [at, text] of ours.entries()) assert.equal(text, await readFile(nameOf(at), "utf8"), round);
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}
