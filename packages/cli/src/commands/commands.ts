import { applyCommand } from "./apply.ts";
import type { Command } from "./command.ts";
import { controllerCommand } from "./controller.ts";
import { demoCommand } from "./demo.ts";
import { manifestsCommand } from "./manifests.ts";
import { migrateCommand } from "./migrate.ts";
import { regoCommand } from "./rego.ts";
import { sandboxCommand } from "./sandbox.ts";
import { testCommand } from "./test.ts";
import { verifyCommand } from "./verify.ts";
import { versionCommand } from "./version.ts";

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  applyCommand,
  controllerCommand,
  demoCommand,
  manifestsCommand,
  migrateCommand,
  regoCommand,
  sandboxCommand,
  testCommand,
  verifyCommand,
  versionCommand,
];
