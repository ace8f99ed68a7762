import type { Command } from "./command.ts";
import { demoCommand } from "./demo.ts";
import { regoCommand } from "./rego.ts";
import { sandboxCommand } from "./sandbox.ts";
import { testCommand } from "./test.ts";
import { verifyCommand } from "./verify.ts";
import { versionCommand } from "./version.ts";

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  demoCommand,
  regoCommand,
  sandboxCommand,
  testCommand,
  verifyCommand,
  versionCommand,
];
