/** The commands, values, flags and names in docs/ are those that there are. */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { run, type Terminal } from "@portcullis/cli";
import { isJsonObject, nameOf, own, type JsonValue } from "@portcullis/objects";
import { readYaml } from "@portcullis/objects/yaml";

const root = join(import.meta.dirname, "..");
const pages = globSync("docs/*.md", { cwd: root });

/** The lines of the shell blocks of a page. */
function commandsOf(text: string): readonly string[] {
  return [...text.matchAll(/^\s*```sh\n([\s\S]*?)^\s*```$/gm)].flatMap(([, block = ""]) =>
    block
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== ""),
  );
}

/** The words of a command, quotes taken off. */
const wordsOf = (command: string): readonly string[] =>
  (command.match(/'[^']*'|"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll(/^['"]|['"]$/g, ""));

async function ran(argv: readonly string[]): Promise<{ readonly status: number; readonly text: string }> {
  let text = "";
  const terminal: Terminal = {
    out: (part) => void (text += part),
    error: (part) => void (text += part),
    isInteractive: false,
    hasColor: false,
    columns: 100,
    environment: {},
    directory: root,
    readInput: () => Promise.resolve(""),
    interrupted: new AbortController().signal,
  };
  const status = await run(argv, terminal);
  return { status, text };
}

const read = (path: string): string => readFileSync(join(root, path), "utf8");
const values = readYaml(read("charts/portcullis/values.yaml"), "values.yaml").documents[0]?.value;

function hasValue(path: string): boolean {
  let at: JsonValue | undefined = values;
  for (const key of path.split(".")) {
    if (!isJsonObject(at) || !Object.hasOwn(at, key)) return false;
    at = own(at, key);
  }
  return true;
}

/** Gatekeeper's Deployments that nothing here takes the place of. */
const gatekeepersAlone: readonly string[] = ["gatekeeper-audit"];

describe("docs", () => {
  it("has commands to check", () => {
    assert.ok(pages.length >= 4);
    assert.ok(pages.flatMap((page) => commandsOf(read(page))).length > 20);
  });

  for (const page of pages) {
    it(`${page}: its commands of ours are understood`, async () => {
      for (const part of commandsOf(read(page)).flatMap((command) => command.split(/ \| | > /))) {
        const [program, ...argv] = wordsOf(part);
        if (program !== "portcullis") continue;
        if (argv[0] === "manifests") {
          const { status, text } = await ran(argv);
          assert.equal(status, 0, `${part}\n${text}`);
          continue;
        }
        const help = await ran([argv[0] ?? "", "--help"]);
        assert.equal(help.status, 0, part);
        for (const flag of argv.filter((word) => word.startsWith("-") && word !== "-")) {
          assert.match(help.text, new RegExp(`(^|\\s)${flag.split("=")[0]}[ ,]`, "m"), `${part}: ${flag}`);
        }
      }
    });

    it(`${page}: the chart's values that it names are there`, () => {
      const text = read(page);
      const set = [...text.matchAll(/--set "?([A-Za-z.]+)=/g)].map(([, path = ""]) => path);
      const named = [...text.matchAll(/`([a-z][A-Za-z]*(?:\.[A-Za-z]+)*)(?:=[^`]*)?`/g)]
        .map(([, path = ""]) => path)
        .filter((path) => path.startsWith("controllerManager.") || /^(log|emit)[A-Z]|^denialForm$/.test(path));
      for (const path of [...set, ...named]) assert.ok(hasValue(path), `there is no value ${path}`);
    });

    it(`${page}: no upgrade that it shows takes back what was set before`, () => {
      for (const command of commandsOf(read(page)).filter((each) => each.startsWith("helm upgrade "))) {
        const words = wordsOf(command);
        // Helm reuses nothing where anything is set, and everything, whatever the chart is now, where nothing is.
        const isWhole = words.some((word) => ["--values", "--reset-then-reuse-values"].includes(word));
        assert.ok(isWhole, command);
      }
    });

    it(`${page}: the objects that it names are installed, and its links lead somewhere`, async () => {
      const text = read(page);
      const { text: manifests } = await ran(["manifests", "--only", "server", "--profile", "strict"]);
      const { text: beside } = await ran(["manifests", "--only", "server", "--name-prefix", "portcullis"]);
      const installed = [manifests, beside].flatMap((each) =>
        readYaml(each, "manifests").documents.map(({ value }) => nameOf(value)),
      );
      installed.push(...gatekeepersAlone);
      for (const command of commandsOf(text)) {
        for (const [, name = ""] of command.matchAll(
          /(?:deployment[ /]|secret |validatingwebhookconfiguration )([a-z][-a-z]+)/g,
        )) {
          assert.ok(installed.includes(name), `${command}: ${name} is not installed`);
        }
      }
      for (const [, name = ""] of text.matchAll(/`([a-z]+\.validation\.gatekeeper\.sh)`/g)) {
        assert.ok(manifests.includes(`name: ${name}`), name);
      }
      for (const [, target = ""] of text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)) {
        assert.doesNotThrow(() => readFileSync(join(root, dirname(page), target)), `${target} is not there`);
      }
    });
  }
});
