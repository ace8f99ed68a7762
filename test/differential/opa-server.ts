import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { PlainObject, Value } from "@portcullis/rego";
import { readJSON, valueToText } from "@portcullis/rego/testing";
import type { Answer, Question } from "./answer.ts";
import { dataText, inputText } from "./documents.ts";

/** The real opa as one server on this machine, with the base data of every program. */
export class OpaServer {
  readonly #program: string;
  readonly #port: number;
  #process: ChildProcess | undefined;

  constructor(program: string) {
    this.#program = program;
    this.#port = 20_000 + (process.pid % 20_000);
  }

  async start(): Promise<void> {
    const address = `127.0.0.1:${this.#port}`;
    const flags = ["run", "--server", "--addr", address, "--log-level", "error", "--disable-telemetry"];
    this.#process = spawn(this.#program, flags, { stdio: "ignore" });
    for (let round = 0; ; round += 1) {
      try {
        if ((await fetch(this.#url("health"))).ok) break;
      } catch (cause) {
        if (round > 200) throw cause;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
    await fetch(this.#url("v1/data"), { method: "PUT", body: dataText });
  }

  async stop(): Promise<void> {
    const running = this.#process;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    running.kill("SIGKILL");
    await once(running, "exit");
  }

  /** What opa says of a program; undefined where it has no answer within some seconds, or ends over it. */
  async ask(text: string, question: Question): Promise<Answer | undefined> {
    // A connection that the server has just closed is no answer: asks once more.
    for (let round = 0; round < 2; round += 1) {
      try {
        return await this.#answer(text, question);
      } catch {
        if (round === 0) continue;
      }
    }
    await this.stop();
    await this.start();
    return undefined;
  }

  async #answer(text: string, { path, strict }: Question): Promise<Answer> {
    const signal = AbortSignal.timeout(10_000);
    const put = await fetch(this.#url("v1/policies/test.rego"), { method: "PUT", body: text, signal });
    const refused = await put.text();
    if (!put.ok) return { kind: "invalid", text: codesOf(refused) };
    const response = await fetch(this.#url(`v1/data/${path.join("/")}${strict ? "?strict-builtin-errors" : ""}`), {
      method: "POST",
      body: `{"input": ${inputText}}`,
      signal,
    });
    const body = await response.text();
    // The question itself may be wrong: `data.test.r.a` of a set of numbers. Then there are no codes.
    if (!response.ok) {
      const codes = codesOf(body);
      return { kind: codes.trim() === "" ? "invalid" : "error", text: codes.trim() };
    }
    const value = (readJSON(body) as PlainObject)["result"]; // as: OPA answers with an object
    return value === undefined ? { kind: "undefined", text: "" } : { kind: "value", value, text: valueToText(value) };
  }

  #url(path: string): string {
    return `http://127.0.0.1:${this.#port}/${path}`;
  }
}

/** The codes and rows of an answer's errors, in order. */
function codesOf(body: string): string {
  const errors = (readJSON(body) as PlainObject)["errors"]; // as: OPA answers with an object
  const list: readonly Value[] = Array.isArray(errors) ? (errors as readonly Value[]) : []; // as: an array of values
  return list
    .map((error) => `${text(error, "code")} ${text(error, "location", "row")}`)
    .toSorted()
    .join(", ");
}

function text(value: Value, ...path: readonly string[]): string {
  let node: Value | undefined = value;
  for (const key of path) {
    if (typeof node !== "object" || node === null || Array.isArray(node)) return "";
    node = (node as PlainObject)[key]; // as: JSON has plain objects only
  }
  return node === undefined ? "" : String(node);
}
