/** Policies as modules of one file: what is in them, and that they run where nothing may turn text into code. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { run } from "../run.ts";
import { recordingTerminal } from "../testing.ts";

const policy = `package seed

violation contains {"msg": msg} if {
	some container in input.review.object.spec.containers
	not any_prefix(container.image)
	msg := sprintf("container <%v> has an invalid image <%v>", [container.name, container.image])
}

any_prefix(image) if startswith(image, input.parameters.repos[_])

conflict := x if some x in [1, 2]

matches if regex.match("^a+$", input.text)
`;

const writtenReview = {
  review: {
    object: {
      spec: {
        containers: [
          { name: "a", image: "docker.io/x" },
          { name: "b", image: "ghcr.io/y" },
        ],
      },
    },
  },
  parameters: { repos: ["ghcr.io/"] },
};
const message = "container <a> has an invalid image <docker.io/x>";

let directory = "";
before(async () => {
  directory = await mkdtemp(join(tmpdir(), "rego-build-"));
  await writeFile(join(directory, "seed.rego"), policy);
  await writeFile(join(directory, "data.json"), '{"base": {"__proto__": [1], "x": "\\u2028</script>"}}');
});
after(async () => {
  await rm(directory, { recursive: true, force: true });
});

async function build(...argv: readonly string[]): Promise<{ status: number; error: string }> {
  const terminal = recordingTerminal({ directory });
  const status = await run(["rego", "build", ...argv], terminal);
  return { status, error: terminal.written.error };
}

/** What a built module gives away. */
interface Built {
  readonly entries: readonly string[];
  readonly default: (input: unknown, question?: { readonly entry?: string }) => unknown;
}

async function built(name: string): Promise<Built> {
  // as: the module was built with these
  return (await import(join(directory, name))) as Built;
}

test("a module of one file decides what the policy decides", async () => {
  assert.deepEqual(await build("seed.rego", "-e", "seed/violation", "-o", "one.mjs"), { status: 0, error: "" });
  const text = await readFile(join(directory, "one.mjs"), "utf8");
  assert.doesNotMatch(text, /^import\b|\bimport\(|new Function|\beval\(/m);
  // What it does not use is not in it.
  assert.doesNotMatch(text, /re2|graphql/i);
  const { default: decide, entries } = await built("one.mjs");
  assert.deepEqual(entries, ["seed/violation"]);
  assert.deepEqual(decide(writtenReview), [{ msg: message }]);
  assert.deepEqual(decide({ ...writtenReview, parameters: { repos: [""] } }), []);
});

test("errors have their place, and data its keys", async () => {
  const argv = ["seed.rego", "data.json", "-e", "seed/conflict", "-e", "base", "-e", "seed/matches", "-o", "two.mjs"];
  assert.deepEqual(await build(...argv), { status: 0, error: "" });
  const { default: decide } = await built("two.mjs");
  assert.throws(() => decide({}), /eval_conflict_error: complete rules must not produce multiple outputs/);
  const base = decide(undefined, { entry: "base" });
  assert.equal(JSON.stringify(base), '{"__proto__":[1],"x":"\u2028</script>"}');
  assert.equal(decide({ text: "aaa" }, { entry: "seed/matches" }), true);
  assert.equal(decide({ text: "aab" }, { entry: "seed/matches" }), undefined);
});

test("minified it is small", async () => {
  await build("seed.rego", "-e", "seed/violation", "--minify", "-o", "small.mjs");
  const text = await readFile(join(directory, "small.mjs"));
  const zipped = gzipSync(text).length;
  assert.ok(zipped < 20_000, `${text.length} bytes, ${zipped} gzipped`);
});

const refused: readonly (readonly [argv: string, error: RegExp])[] = [
  ["seed.rego", /^name what the module answers with --entrypoint/],
  ["seed.rego -e seed/nothing", /^--entrypoint seed\/nothing: there is neither a rule nor data at data.seed.nothing;/],
  ["seed.rego -e a//b", /^--entrypoint a\/\/b: this is no path; a\/b stands for data.a.b\n$/],
  ["nope.rego -e a", /^1 error occurred during loading: stat nope.rego: no such file or directory\n$/],
  ["seed.rego -e seed/violation -o nope/x.mjs", /^cannot write nope\/x.mjs: no such file or directory\n$/],
];
for (const [argv, error] of refused) {
  test(`portcullis rego build ${argv} is refused`, async () => {
    const result = await build(...argv.split(" "));
    assert.equal(result.status, 1);
    assert.match(result.error, error);
  });
}

const chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((path) => existsSync(path));
const skip = chromium === undefined ? "no Chromium here (Debian: apt-get install chromium)" : false;

test("it runs in a browser that forbids eval", { skip, timeout: 60_000 }, async () => {
  await build("seed.rego", "-e", "seed/violation", "-o", "page.mjs");
  const page = `<!doctype html><pre id="out">nothing ran</pre><script type="module" src="/run.mjs"></script>`;
  const script = `import decide from "/page.mjs";
let forbidden = false;
try { new Function("return 1")(); } catch { forbidden = true; }
const answer = decide(${JSON.stringify(writtenReview)});
document.getElementById("out").textContent = JSON.stringify({ forbidden, answer });`;
  const module = await readFile(join(directory, "page.mjs"), "utf8");
  const server = createServer((request, response) => {
    const isScript = request.url?.endsWith(".mjs") === true;
    response.setHeader("content-security-policy", "default-src 'none'; script-src 'self'");
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html; charset=utf-8");
    response.end(request.url === "/page.mjs" ? module : isScript ? script : page);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    // as: a server on a port has an address of this form
    const { port } = server.address() as AddressInfo;
    const { stdout } = await promisify(execFile)(chromium ?? "", [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      `--user-data-dir=${join(directory, "profile")}`,
      "--dump-dom",
      `http://127.0.0.1:${port}/`,
    ]);
    const shown = /<pre id="out">(.*)<\/pre>/.exec(stdout)?.[1];
    const unescaped = shown?.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
    assert.deepEqual(JSON.parse(unescaped ?? "null"), { forbidden: true, answer: [{ msg: message }] });
  } finally {
    server.close();
  }
});

test("annotated entrypoints are what a module answers where none is named", async () => {
  const text =
    "package noted\n\n# METADATA\n# entrypoint: true\nfirst := 1\n\n# METADATA\n# entrypoint: true\nsecond := 2\n\nthird := 3\n";
  await writeFile(join(directory, "noted.rego"), text);
  assert.deepEqual(await build("noted.rego", "-o", "noted.mjs"), { status: 0, error: "" });
  const { entries } = (await import(pathToFileURL(join(directory, "noted.mjs")).href)) as {
    entries: readonly string[];
  };
  assert.deepEqual(entries, ["noted/first", "noted/second"]);
});
