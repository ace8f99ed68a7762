/** The examples of docs/rego.md and of the engine's README, run as they stand there. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { run } from "@portcullis/cli";

const root = fileURLToPath(new URL("..", import.meta.url));

interface Block {
  readonly language: string;
  readonly file: string | undefined;
  readonly text: string;
}

async function blocksOf(page: string): Promise<readonly Block[]> {
  const text = await readFile(join(root, page), "utf8");
  return [...text.matchAll(/^```(\w+)(?: file=(\S+))?\n(.*?)^```$/gms)].map(([, language = "", file, body = ""]) => ({
    language,
    file,
    text: body,
  }));
}

/** Runs a module whose lines `console.log(x); // shown` say what they show. */
async function runModule(text: string, directory: string, name: string): Promise<void> {
  const wanted = [...text.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, shown]) => shown);
  assert.ok(wanted.length > 0);
  const shown: string[] = [];
  const key = `shown ${name}`;
  Object.assign(globalThis, {
    [key]: (value: unknown) => shown.push(typeof value === "string" ? value : inspect(value)),
  });
  const file = join(directory, name);
  await writeFile(file, text.replaceAll("console.log(", `globalThis[${JSON.stringify(key)}](`));
  await import(pathToFileURL(file).href);
  assert.deepEqual(shown, wanted);
}

async function inFolder(act: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "rego-docs-"));
  try {
    await act(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

test("docs/rego.md: its commands print what it says", async () => {
  await inFolder(async (directory) => {
    const blocks = await blocksOf("docs/rego.md");
    for (const { file, text } of blocks) if (file !== undefined) await writeFile(join(directory, file), text);
    let count = 0;
    for (const block of blocks.filter(({ language }) => language === "console")) {
      for (const step of block.text.split(/^\$ /m).slice(1)) {
        const [line = "", ...rest] = step.split("\n");
        let out = "";
        const write = (text: string): void => {
          out += text;
        };
        await run(wordsOf(line).slice(1), {
          out: write,
          error: write,
          isInteractive: false,
          hasColor: false,
          columns: 100,
          environment: {},
          directory,
          readInput: () => Promise.resolve(""),
          interrupted: new AbortController().signal,
        });
        assert.equal(out, rest.join("\n"), line);
        count += 1;
      }
    }
    assert.ok(count > 5);
    const script = blocks.find(({ language }) => language === "js");
    assert.ok(script !== undefined);
    await runModule(script.text, directory, "script.mjs");
  });
});

test("packages/rego/README.md: its examples print what they say", async () => {
  const code = (await blocksOf("packages/rego/README.md")).filter(({ language }) => language === "ts");
  assert.ok(code.length > 3);
  // Beside the engine, so that its name resolves.
  const directory = await mkdtemp(join(root, "packages/rego/readme-"));
  try {
    const text = code.map((block) => block.text).join("\n");
    const body = text.replaceAll(/^import .*$/gm, "");
    await runModule(`${importsOf(text)}\n${body}`, directory, "readme.mts");
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});

/** The imports of all blocks, each name once. */
function importsOf(text: string): string {
  const names = new Map<string, Set<string>>();
  for (const [, list = "", door = ""] of text.matchAll(/^import \{(.*)\} from "(.*)";$/gm)) {
    const known = names.get(door) ?? new Set();
    for (const name of list.split(",")) known.add(name.trim());
    names.set(door, known);
  }
  return [...names].map(([door, known]) => `import { ${[...known].join(", ")} } from "${door}";`).join("\n");
}

/** A command line's words as a shell splits them. */
function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
}
