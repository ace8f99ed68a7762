import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, it } from "node:test";

const root = join(import.meta.dirname, "..");

/** Who may import whom: our packages by name, and whether `node:*` is allowed. */
const mayImport: Record<string, { readonly ours: readonly string[]; readonly node: boolean }> = {
  rego: { ours: [], node: false },
  objects: { ours: [], node: false },
  reference: { ours: [], node: false },
  certs: { ours: [], node: true },
  images: { ours: ["reference", "objects"], node: false },
  policy: { ours: ["rego", "objects", "reference", "images"], node: false },
  host: { ours: ["rego"], node: true },
  kube: { ours: ["objects", "host"], node: true },
  sandbox: { ours: ["objects", "reference", "certs"], node: true },
  controller: { ours: ["rego", "objects", "images", "policy", "certs", "host", "kube"], node: true },
  cli: {
    ours: ["rego", "objects", "reference", "images", "policy", "certs", "host", "kube", "sandbox", "controller"],
    node: true,
  },
};

/** Inside one package: the folders in order, each may import those before it. */
const layers: Record<string, readonly (readonly string[])[]> = {
  rego: [["yaml"], ["source", "diagnostics"], ["syntax"], ["check"], ["plan"], ["emit"], ["link"]],
};

/** Folders of one package that must not import one another. */
const strangers: Record<string, readonly string[]> = { controller: ["webhook", "sync", "audit", "status"] };

interface Import {
  readonly file: string;
  readonly specifier: string;
}

function importsOf(file: string, text: string): Import[] {
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\b[^;]*?\bfrom\s+["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)|(?:^|\n)import\s+["']([^"']+)["']/g,
  );
  return Array.from(found, (match) => ({ file, specifier: match[1] ?? match[2] ?? match[3] ?? "" }));
}

function packageOf(file: string): string {
  return /^packages\/([^/]+)\//.exec(file)?.[1] ?? "";
}

/** Why an import is not allowed, or nothing. */
function complaint({ file, specifier }: Import): string | undefined {
  const home = packageOf(file);
  const rule = mayImport[home];
  if (rule === undefined) return `${file}: the package ${home} stands in no row of the table`;
  if (specifier.startsWith("node:")) {
    return rule.node ? undefined : `${file}: ${home} runs anywhere and may not import ${specifier}`;
  }
  if (specifier.startsWith("@portcullis/")) {
    const [, other = "", door] = specifier.split("/");
    // Generated code names the package that it was made by.
    if (other === home) return undefined;
    if (door === "testing") return `${file}: production code may not import fakes (${specifier})`;
    return rule.ours.includes(other) ? undefined : `${file}: ${home} may not import ${other}`;
  }
  if (specifier.startsWith(".")) {
    const target = relative(root, join(root, dirname(file), specifier));
    if (packageOf(target) !== home) return `${file}: reaches into another package by path (${specifier})`;
    return insideComplaint(home, file, target);
  }
  return undefined;
}

function insideComplaint(home: string, file: string, target: string): string | undefined {
  const room = (path: string): string => (path.split("/")[3] ?? "").replace(/\.ts$/, "");
  const [from, to] = [room(file), room(target)];
  const order = layers[home];
  if (order !== undefined) {
    const [fromLayer, toLayer] = [from, to].map((name) => order.findIndex((layer) => layer.includes(name)));
    if (fromLayer !== undefined && toLayer !== undefined && fromLayer !== -1 && toLayer > fromLayer) {
      return `${file}: ${from} may not import ${to}, which is above it`;
    }
    // The checker's and the builtins' types are shared as types; the runtime must not pull a phase in.
    if (from === "runtime" && ["syntax", "plan", "emit", "link"].includes(to)) {
      return `${file}: the runtime may not import a phase (${to})`;
    }
  }
  const apart = strangers[home] ?? [];
  if (from !== to && apart.includes(from) && apart.includes(to)) return `${file}: ${from} and ${to} meet in main only`;
  return undefined;
}

const sources = globSync("packages/*/src/**/*.ts", { cwd: root }).filter(
  (file) => !file.endsWith(".spec.ts") && !file.includes("node_modules"),
);
const production = sources.filter((file) => !/\/testing(\.ts|\/)/.test(file) && !file.includes("/fake/"));

describe("architecture", () => {
  it("keeps imports going downward", () => {
    const imports = production.flatMap((file) => importsOf(file, readFileSync(join(root, file), "utf8")));
    assert.ok(imports.length > 100, `the scan saw only ${imports.length} imports`);
    assert.deepEqual(
      imports.map(complaint).filter((text) => text !== undefined),
      [],
    );
  });

  it("catches a planted violation of each kind", () => {
    const planted: [file: string, text: string, expected: RegExp][] = [
      ["packages/rego/src/planted.ts", 'import { readFileSync } from "node:fs";', /may not import node:fs/],
      ["packages/policy/src/planted.ts", 'import { start } from "@portcullis/sandbox";', /may not import sandbox/],
      ["packages/rego/src/syntax/planted.ts", 'import { plan } from "../plan/plan.ts";', /which is above it/],
      ["packages/kube/src/planted.ts", 'export * from "../../policy/src/index.ts";', /another package by path/],
      ["packages/controller/src/planted.ts", 'const x = await import("@portcullis/cli");', /may not import cli/],
      ["packages/controller/src/audit/planted.ts", 'import { x } from "../webhook/x.ts";', /meet in main only/],
      ["packages/cli/src/planted.ts", 'import { x } from "@portcullis/kube/testing";', /may not import fakes/],
    ];
    for (const [file, text, expected] of planted) {
      const found = importsOf(file, text).map(complaint);
      assert.equal(found.length, 1, `${text} was not seen`);
      assert.match(found[0] ?? "", expected);
    }
  });

  it("imports the values of node:http in one way, which leaves out what else would come with them", () => {
    const imports = production
      .filter((file) => /^packages\/(host|kube|controller)\//.test(file))
      .filter((file) => /^import (?!type )[^;]*from "node:http"/m.test(readFileSync(join(root, file), "utf8")));
    assert.deepEqual(imports, [], "packages/host/src/plain-http.ts says why");
  });

  it("has one file that makes code from text", () => {
    const makes = sources.filter((file) =>
      /new Function\s*\(|\beval\s*\(/.test(
        readFileSync(join(root, file), "utf8").replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, ""),
      ),
    );
    assert.deepEqual(makes, ["packages/rego/src/link.ts"]);
  });
});
