#!/usr/bin/env -S node --conditions=source
// The command `portcullis`. On a Node that is too old it says what to do; else it is what main.ts is.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { whyNodeWillNotDo } from "./needed-node.mjs";

const wrong = whyNodeWillNotDo();
if (wrong === undefined) await import("../src/main.ts");
else {
  const checkout = fileURLToPath(new URL("../../..", import.meta.url)).replace(/\/$/, "");
  const place = /\s/.test(checkout) ? `'${checkout}'` : checkout;
  const help = existsSync(`${checkout}/node_modules/.bin/node`)
    ? `npm ci has brought Node 26 along: run \`npx --prefix ${place} portcullis\`, or put ${place}/node_modules/.bin first on PATH.\n`
    : "Install Node 26 and put it first on PATH.\n";
  process.stderr.write(wrong + help);
  process.exitCode = 1;
}
