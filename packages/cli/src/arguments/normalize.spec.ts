import assert from "node:assert/strict";
import { test } from "node:test";
import type { Flag } from "./flag.ts";
import { normalizeArguments } from "./normalize.ts";

const flags: readonly Flag[] = [
  { kind: "strings", name: "filename", short: "f", value: "FILE", summary: "" },
  { kind: "string", name: "output", short: "o", value: "FORMAT", default: "", summary: "" },
  { kind: "boolean", name: "trace", short: "t", default: false, summary: "" },
  { kind: "boolean", name: "verbose", short: "v", default: false, summary: "" },
  { kind: "integer", name: "port", value: "PORT", default: 0, summary: "" },
];

const read: readonly (readonly [argv: string, tokens: string, positional?: string])[] = [
  ["--filename a -f b -fc -f=d --filename=e=f", "--filename=a --filename=b --filename=c --filename=d --filename=e=f"],
  ["-o=yaml -ojson --output yaml", "--output=yaml --output=json --output=yaml"],
  ["--trace=false --verbose -tv", "--trace=false --verbose=true --trace=true --verbose=true"],
  ["--trace=F -t=1", "--trace=false --trace=true"],
  ["-tofoo", "--trace=true --output=foo"],
  ["a --trace b -- --filename -x", "--trace=true", "a b --filename -x"],
  ["-f - -", "--filename=-", "-"],
  ["--port -1", "--port=-1"],
];
for (const [argv, tokens, positional] of read) {
  test(`${argv} is ${tokens}`, () => {
    assert.deepEqual(normalizeArguments(argv.split(" "), flags), {
      ok: true,
      tokens: tokens.split(" "),
      positional: positional === undefined ? [] : positional.split(" "),
    });
  });
}

const refused: readonly (readonly [argv: string, message: string])[] = [
  ["--foo", "unknown flag: --foo"],
  ["--filenam=x", "unknown flag: --filenam; did you mean --filename?"],
  ["-tz", "unknown shorthand flag: 'z' in -tz"],
  ["-f", "flag needs an argument: 'f' in -f"],
  ["--output", "flag needs an argument: --output"],
  ["--trace=x", 'invalid argument "x" for "-t, --trace" flag: strconv.ParseBool: parsing "x": invalid syntax'],
  ["--port=x", 'invalid argument "x" for "--port" flag: strconv.ParseInt: parsing "x": invalid syntax'],
];
for (const [argv, message] of refused) {
  test(`${argv} is refused`, () => {
    assert.deepEqual(normalizeArguments(argv.split(" "), flags), { ok: false, message });
  });
}
