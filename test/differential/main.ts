/**
 * Generated programs through our engine and the real `opa`, held against one another.
 * `node --conditions=source test/differential/main.ts [COUNT] [FIRST SEED]`; exit 1 where an answer differs.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { compile, formatDiagnostics, Store, toDocument, type PlainObject, type Value } from "@portcullis/rego";
import { compareValues, readJSON, valueToText } from "@portcullis/rego/testing";
import { findOracle } from "../oracle/oracle.ts";
import { data, input, program } from "./generate.ts";

const count = Number(process.argv[2] ?? 1000);
const first = Number(process.argv[3] ?? 1);
const found = findOracle("opa");
if (found === undefined) {
  process.stdout.write("skipped: opa is not built (node test/oracle/oracle.ts opa)\n");
  process.exit(0);
}

const port = 20_000 + (process.pid % 20_000);
const address = `http://127.0.0.1:${port}`;

interface Answer {
  readonly kind: "value" | "undefined" | "error" | "invalid";
  readonly value?: Value;
  readonly text: string;
}

let server: ChildProcess | undefined;

/** Starts opa with the base data. */
async function start(opa: string): Promise<void> {
  server = spawn(
    opa,
    ["run", "--server", "--addr", `127.0.0.1:${port}`, "--log-level", "error", "--disable-telemetry"],
    { stdio: "ignore" },
  );
  await untilReady();
  await fetch(`${address}/v1/data`, { method: "PUT", body: JSON.stringify(data) });
}

async function stop(): Promise<void> {
  if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
  server.kill();
  await once(server, "exit");
}

async function untilReady(): Promise<void> {
  for (let round = 0; round < 200; round += 1) {
    try {
      if ((await fetch(`${address}/health`)).ok) return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error("opa did not start");
}

function codeOf(body: string): string {
  return /"code":\s*"((?:rego|eval)_\w+)"/.exec(body)?.[1] ?? body;
}

async function theirs(text: string): Promise<Answer> {
  const put = await fetch(`${address}/v1/policies/test.rego`, { method: "PUT", body: text });
  const putBody = await put.text();
  if (!put.ok) return { kind: "invalid", text: codeOf(putBody) };
  const response = await fetch(`${address}/v1/data/test`, { method: "POST", body: JSON.stringify({ input }) });
  const body = await response.text();
  if (!response.ok) return { kind: "error", text: codeOf(body) };
  const parsed = readJSON(body) as PlainObject; // as: OPA answers with an object
  const value = parsed["result"];
  return value === undefined
    ? { kind: "undefined", text: "undefined" }
    : { kind: "value", value, text: valueToText(value) };
}

/** A connection that the server has just closed is no answer: asks once more. */
async function again<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch {
    return ask();
  }
}

const store = new Store(readJSON(JSON.stringify(data)) as PlainObject); // as: our own data are an object
const ourInput = readJSON(JSON.stringify(input));

async function ours(text: string): Promise<Answer> {
  try {
    const compiled = await compile({
      modules: [{ name: "test.rego", text }],
      entrypoints: { main: "data.test" },
      hasData: (path) => store.has(path),
    });
    if (!compiled.ok) {
      return { kind: "invalid", text: `${compiled.diagnostics[0]?.code} ${formatDiagnostics(compiled.diagnostics)}` };
    }
    const outcome = compiled.value.value("main", { input: ourInput, data: store });
    if (outcome.kind === "error") return { kind: "error", text: `${outcome.code} ${outcome.message}` };
    if (outcome.kind === "needs") return { kind: "error", text: "needs" };
    if (outcome.value === undefined) return { kind: "undefined", text: "undefined" };
    const value = toDocument(outcome.value);
    return { kind: "value", value, text: valueToText(value) };
  } catch (error) {
    return { kind: "error", text: `CRASH ${error instanceof Error ? error.stack : String(error)}` };
  }
}

function agree(a: Answer, b: Answer): boolean {
  if (a.kind !== b.kind) return false;
  if (a.value !== undefined && b.value !== undefined) return compareValues(a.value, b.value) === 0;
  return b.text.startsWith(a.text.split(" ")[0] ?? "");
}

let differing = 0;
const kinds = new Map<string, number>();
try {
  await start(found);
  for (let seed = first; seed < first + count; seed += 1) {
    const text = program(seed);
    let want: Answer;
    try {
      want = await again(() => theirs(text));
    } catch (error) {
      // It does happen: nothing to compare with then.
      process.stdout.write(`--- seed ${seed} ended opa (${String(error)})\n`);
      await stop();
      await start(found);
      continue;
    }
    // A fault of OPA's own ("operand that requires evaluation") is no answer.
    if (want.text === "eval_internal_error") continue;
    kinds.set(want.kind, (kinds.get(want.kind) ?? 0) + 1);
    const got = await ours(text);
    if (agree(want, got)) continue;
    differing += 1;
    process.stdout.write(
      `--- seed ${seed}\n${text}\n  opa:  ${want.kind} ${want.text}\n  ours: ${got.kind} ${got.text}\n`,
    );
    if (differing >= 20) break;
  }
} finally {
  await stop();
}
process.stdout.write(`${[...kinds].map(([kind, number]) => `${number} ${kind}`).join(", ")}; ${differing} differ\n`);
process.exit(differing === 0 ? 0 : 1);
