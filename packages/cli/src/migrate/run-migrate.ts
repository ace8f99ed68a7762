import { writeJson } from "@portcullis/objects";
import type { FlagValues } from "../arguments/flag.ts";
import { CommandError } from "../command-error.ts";
import { readSources } from "../files/read-sources.ts";
import type { Terminal } from "../terminal.ts";
import { checkObjects } from "./check-objects.ts";
import type { Fate, Finding } from "./finding.ts";
import { readCluster } from "./read-cluster.ts";

/** Runs `portcullis migrate --check`: 0 where everything goes on, 1 where something would stop working. */
export async function runMigrate(values: FlagValues, terminal: Terminal): Promise<number> {
  if (!values.boolean("check")) {
    throw new CommandError(
      "nothing is moved by this command, so it wants --check: it reads and reports\n" +
        "docs/move-from-gatekeeper.md tells how to move",
    );
  }
  const format = values.string("output");
  if (format !== "text" && format !== "json") throw new CommandError(`--output ${format}: use text or json`);
  const isCluster = values.strings("filename").length === 0;
  const findings = await checkObjects(await readObjects(values, terminal), isCluster);
  terminal.out(format === "json" ? `${writeJson(findings.map((each) => ({ ...each })))}\n` : textOf(findings));
  return findings.some(({ fate }) => fate === "stops") ? 1 : 0;
}

async function readObjects(values: FlagValues, terminal: Terminal): ReturnType<typeof readCluster> {
  const names = values.strings("filename");
  if (names.length === 0) return readCluster(values.string("kubeconfig"), terminal.environment);
  const input = names.includes("-") ? ((await terminal.readInput()) ?? "") : undefined;
  const files = names.filter((name) => name !== "-");
  const sources = await readSources(files, input, terminal.directory, (text) => {
    terminal.error(text);
  });
  return sources.flatMap((source) => source.objects);
}

const titles: readonly (readonly [fate: Fate, one: string, several: string])[] = [
  ["stops", "would stop working", "would stop working"],
  ["differs", "works differently", "work differently"],
  ["works", "works as before", "work as before"],
];

function textOf(findings: readonly Finding[]): string {
  if (findings.length === 0) return "Nothing of Gatekeeper's was found.\n";
  const parts = titles.flatMap(([fate, one, several]) => {
    const ofFate = findings.filter((finding) => finding.fate === fate);
    if (ofFate.length === 0) return [];
    return [
      `${ofFate.length} ${ofFate.length === 1 ? one : several}:\n${ofFate.map(({ subject, text }) => `  ${subject}: ${text.replaceAll("\n", "\n    ")}\n`).join("")}`,
    ];
  });
  const stops = findings.filter(({ fate }) => fate === "stops").length;
  const end = stops === 0 ? "Everything that was found goes on." : `${stops} of ${findings.length} would stop working.`;
  return `${parts.join("\n")}\n${end}\n`;
}
