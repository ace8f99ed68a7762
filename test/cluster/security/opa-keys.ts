/** The real opa's answers to hostile documents. */
import { findOracle } from "../../oracle/oracle.ts";
import { readJSON, valueToText } from "@portcullis/rego/testing";
import type { PlainObject } from "@portcullis/rego";
import { freePorts } from "../../loopback.ts";
import { startProgram, untilServing } from "../program.ts";
import { getPlainly } from "../requests.ts";
import { baseText, program } from "./hostile-keys.ts";

/** An opa that knows the program; undefined where it is not built. */
export async function startOpa(): Promise<{ ask(input: string): Promise<string>; stop(): Promise<void> } | undefined> {
  const path = findOracle("opa");
  if (path === undefined) return undefined;
  const [port = 0] = await freePorts(1);
  const flags = ["run", "--server", `--addr=127.0.0.1:${port}`, "--log-level=error", "--disable-telemetry"];
  const running = startProgram(path, flags);
  await untilServing("opa", running, async () => (await getPlainly(port, "/health")).status === 200);
  const put = async (at: string, body: string): Promise<void> => {
    const answer = await fetch(`http://127.0.0.1:${port}/v1/${at}`, { method: "PUT", body });
    if (!answer.ok) throw new Error(await answer.text());
  };
  await put("policies/keys.rego", program);
  await put("data", baseText);
  return {
    async ask(input) {
      const answer = await fetch(`http://127.0.0.1:${port}/v1/data/keys`, {
        method: "POST",
        body: `{"input": ${input}}`,
      });
      const text = await answer.text();
      if (!answer.ok) return "error";
      const result = (readJSON(text) as PlainObject)["result"]; // as: opa answers with an object
      return result === undefined ? "undefined" : valueToText(result);
    },
    stop: () => running.stop("SIGKILL"),
  };
}
