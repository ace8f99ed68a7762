import { readdir, lstat, stat, writeFile } from "node:fs/promises";
import { join, normalize, resolve } from "node:path";
import type { Capabilities, RegoVersion } from "@portcullis/rego";
import { defaultCapabilities, formatSource, parseModule, type FormatOptions } from "@portcullis/rego/tools";
import type { FlagValues } from "../arguments/flag.ts";
import { whyUnreadable } from "../files/why-unreadable.ts";
import { styleFor } from "../output/style.ts";
import type { Terminal } from "../terminal.ts";
import { capabilitiesWanted } from "./capabilities.ts";
import { lineDiff } from "./line-diff.ts";
import { diagnosticProblem, problemsText } from "./report.ts";
import { readText } from "./read-text.ts";

/** Ends the command with a text and a status. */
class FormatFailure {
  readonly message: string;
  readonly status: number;

  constructor(message: string, status: number) {
    this.message = message;
    this.status = status;
  }
}

/** Lays modules out; resolves to the exit status. */
export async function runFmt(values: FlagValues, paths: readonly string[], terminal: Terminal): Promise<number> {
  const formatter = new Formatter(values, terminal, await capabilitiesWanted(values, terminal.directory));
  try {
    if (paths.length === 0) await formatter.input();
    for (const path of paths) await formatter.path(normalize(path));
    return 0;
  } catch (failure) {
    if (!(failure instanceof FormatFailure)) throw failure;
    terminal.error(`${failure.message}\n`);
    return failure.status;
  }
}

class Formatter {
  readonly #values: FlagValues;
  readonly #terminal: Terminal;
  readonly #options: FormatOptions;

  constructor(values: FlagValues, terminal: Terminal, capabilities: Capabilities | undefined) {
    this.#values = values;
    this.#terminal = terminal;
    const both = values.boolean("v0-v1") || values.boolean("rego-v1");
    const old = values.boolean("v0-compatible") || (both && !values.boolean("v1-compatible"));
    const version = old ? "v0" : "v1";
    const target = both ? "v0v1" : version;
    this.#options = {
      version,
      target,
      dropDirectives: values.boolean("drop-v0-imports"),
      ...(capabilities === undefined ? {} : gated(capabilities, target)),
    };
  }

  async input(): Promise<void> {
    const text = (await this.#terminal.readInput()) ?? "";
    const { dropDirectives: _filesOnly, ...options } = this.#options;
    this.#terminal.out(this.#formatted("stdin", text, options, (reason) => new FormatFailure(reason, 1)));
  }

  /** A file, or all modules of a folder. */
  async path(name: string): Promise<void> {
    const place = resolve(this.#terminal.directory, name);
    let isFolder: boolean;
    try {
      isFolder = (await lstat(place)).isDirectory();
    } catch (error) {
      throw new FormatFailure(`lstat ${name}: ${whyUnreadable(error)}`, 1);
    }
    if (!isFolder) {
      if (name.endsWith(".rego")) await this.#file(name, place);
      return;
    }
    for (const entry of (await readdir(place)).toSorted((left, right) => (left < right ? -1 : 1))) {
      await this.path(join(name, entry));
    }
  }

  async #file(name: string, place: string): Promise<void> {
    let text: string;
    try {
      text = await readText(place);
    } catch (error) {
      throw new FormatFailure(`failed to open file: open ${name}: ${whyUnreadable(error)} (2)`, 2);
    }
    const formatted = this.#formatted(name, text, this.#options, (reason) => {
      return new FormatFailure(`failed to format Rego source file: ${reason}`, 2);
    });
    if (this.#values.boolean("check-result")) this.#checkResult(name, formatted);
    await this.#put(name, place, text, formatted);
  }

  #checkResult(name: string, formatted: string): void {
    const parsed = parseModule(
      { name: "formatted", text: formatted },
      {
        version: this.#options.target ?? "v1",
        ...(this.#options.capabilities === undefined ? {} : { capabilities: this.#options.capabilities }),
      },
    );
    if (parsed.ok) return;
    const reason = problemsText({
      problems: parsed.diagnostics.map((diagnostic) => diagnosticProblem(diagnostic, name)),
    });
    throw new FormatFailure(
      `${name} was successfully formatted, but the result is invalid: ${reason}\n\nTo inspect the formatted Rego, you can turn off this check with --check-result=false.`,
      2,
    );
  }

  async #put(name: string, place: string, text: string, formatted: string): Promise<void> {
    const changed = formatted !== text;
    const [list, diff, fail] = ["list", "diff", "fail"].map((flag) => this.#values.boolean(flag));
    if (list === true || diff === true) {
      if (!changed) return;
      const style = styleFor(this.#terminal);
      this.#terminal.out(list === true ? `${name}\n` : `${lineDiff(name, text, formatted, style)}\n`);
    }
    if (fail === true && changed) throw new FormatFailure("unexpected diff", 2);
    if (list === true || diff === true) return;
    if (!this.#values.boolean("write")) {
      this.#terminal.out(formatted);
      return;
    }
    if (!changed) return;
    const { mode } = await stat(place);
    await writeFile(place, formatted, { mode });
  }

  #formatted(name: string, text: string, options: FormatOptions, failure: (reason: string) => FormatFailure): string {
    const formatted = formatSource({ name, text }, options);
    if (formatted.ok) return formatted.value;
    const problems = formatted.diagnostics.map((diagnostic) => diagnosticProblem(diagnostic, name));
    const [only, ...others] = formatted.diagnostics;
    // What is wrong with a text as a whole stands alone.
    if (only?.span === undefined && others.length === 0) throw failure(problems.map(({ text: line }) => line).join(""));
    throw failure(`${formatted.stage === "layout" ? `${name}: ` : ""}${problemsText({ problems })}`);
  }
}

/** Capabilities of an older reader: the text is read with ours as well, and written as that one can read it. */
function gated(capabilities: Capabilities, target: RegoVersion): FormatOptions {
  const own = defaultCapabilities(target);
  return {
    capabilities: {
      builtins: capabilities.builtins,
      futureKeywords: new Set([...capabilities.futureKeywords, ...own.futureKeywords]),
      features: new Set([...capabilities.features, ...own.features]),
    },
    bracketKeywords: !capabilities.features.has("keywords_in_refs"),
  };
}
