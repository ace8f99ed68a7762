/** Modules and data out of files and folders, as OPA loads them. */
import { readdir, stat } from "node:fs/promises";
import { basename, isAbsolute, join, normalize } from "node:path";
import type { Capabilities, Module, PlainObject, Value } from "@portcullis/rego";
import { annotationReader, parseModule, readJSON, readYAMLDocument } from "@portcullis/rego/tools";
import { whyUnreadable } from "../files/why-unreadable.ts";
import { conflictOf, isDocument, mergeInto, nested, type OpenDocument } from "./merge.ts";
import { matchesName } from "./name-pattern.ts";
import { diagnosticProblem, plainProblem, type Problem } from "./report.ts";
import { readText } from "./read-text.ts";

/** How to load. */
export interface LoadOptions {
  readonly version: "v0" | "v0v1" | "v1";
  readonly capabilities?: Capabilities | undefined;
  /** Names of files and folders inside of folders that are left aside. */
  readonly ignore?: readonly string[];
  /** Data is left aside as well. */
  readonly onlyModules?: boolean;
  /** The paths are roots of bundles: data stands in files named `data`, and a folder's name is its path. */
  readonly bundle?: boolean;
}

/** What was found, and what was wrong with it. */
export interface Loaded {
  /** In the order of their names. */
  readonly modules: readonly Module[];
  readonly data: PlainObject;
  /** The files that the data is of, and below which names in `data` it stands. */
  readonly dataFiles: readonly { readonly name: string; readonly path: readonly string[] }[];
  readonly problems: readonly Problem[];
}

/** Loads the paths, each perhaps with a prefix that says where its data goes (`a.b:file.json`). */
export async function load(paths: readonly string[], directory: string, options: LoadOptions): Promise<Loaded> {
  const loader = new Loader(directory, options);
  for (const path of paths) {
    const [prefix, name] = splitPrefix(path);
    await loader.visit(normalize(name), prefix, 0);
  }
  return loader.loaded();
}

function splitPrefix(path: string): readonly [prefix: readonly string[], path: string] {
  const withoutScheme = path.startsWith("file://") ? path.slice("file://".length) : path;
  if (withoutScheme !== path) return [[], withoutScheme];
  const colon = path.indexOf(":");
  if (colon <= 0 || path.startsWith("://", colon)) return [[], path];
  return [path.slice(0, colon).split("."), path.slice(colon + 1)];
}

class Loader {
  readonly #directory: string;
  readonly #options: LoadOptions;
  readonly #modules = new Map<string, Module>();
  readonly #data: OpenDocument = {};
  readonly #problems: Problem[] = [];
  readonly #seen = new Set<string>();
  readonly #files: { readonly name: string; readonly path: readonly string[]; readonly document: Value }[] = [];

  constructor(directory: string, options: LoadOptions) {
    this.#directory = directory;
    this.#options = options;
  }

  loaded(): Loaded {
    const names = [...this.#modules.keys()].toSorted((left, right) => (left < right ? -1 : 1));
    return {
      modules: names.flatMap((name) => this.#modules.get(name) ?? []),
      data: this.#data,
      dataFiles: this.#files,
      problems: this.#problems,
    };
  }

  async visit(name: string, path: readonly string[], depth: number): Promise<void> {
    const place = isAbsolute(name) ? name : join(this.#directory, name);
    const isFolder = await this.#attempt(`stat ${name}`, async () => (await stat(place)).isDirectory());
    if (isFolder === undefined) return;
    const { ignore = [], onlyModules = false, bundle = false } = this.#options;
    if (depth > 0 && ignore.some((pattern) => matchesName(pattern, basename(name)))) return;
    if (!isFolder) {
      if (onlyModules && !name.endsWith(".rego")) return;
      await this.#file(name, place, path, depth);
      return;
    }
    const entries = await this.#attempt(`open ${name}`, () => readdir(place));
    const inner = depth > 0 ? [...path, basename(name)] : path;
    for (const entry of (entries ?? []).toSorted((left, right) => (left < right ? -1 : 1))) {
      if (bundle && entry.startsWith(".") && entry !== ".manifest") continue;
      await this.visit(join(name, entry), inner, depth + 1);
    }
  }

  async #file(name: string, place: string, path: readonly string[], depth: number): Promise<void> {
    const key = JSON.stringify([path, name]);
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    const kind = /\.(rego|json|ya?ml)$/.exec(name)?.[1];
    if (depth > 0 && kind === undefined) return;
    const isData = kind !== "rego";
    if (isData && depth > 0 && this.#options.bundle === true && !/^data\.(json|ya?ml)$/.test(basename(name))) return;
    const text = await this.#attempt(`open ${name}`, () => readText(place));
    if (text === undefined) return;
    if (kind === "rego") this.#module(name, text);
    else this.#document(name, text, path, kind);
  }

  #module(name: string, text: string): void {
    const { version, capabilities } = this.#options;
    const gate = capabilities === undefined ? {} : { capabilities };
    const parsed = parseModule({ name, text }, { version, annotations: annotationReader, ...gate });
    if (parsed.ok) this.#modules.set(name, parsed.value);
    else this.#problems.push(...parsed.diagnostics.map((diagnostic) => diagnosticProblem(diagnostic, name)));
  }

  #document(name: string, text: string, path: readonly string[], kind: string | undefined): void {
    const read = kind === "json" ? readJSON(text) : readYAMLDocument(text);
    if ("error" in read) {
      const reason = kind === "json" ? read.error : `error converting YAML to JSON: ${read.error}`;
      this.#problem(`${name}: ${kind === undefined ? "can't recognize file type" : reason}`);
      return;
    }
    const document = nested(path, read.value);
    if (!isDocument(document)) {
      this.#problem(`${name}: ${kind === undefined ? "can't recognize file type" : "document must be of type object"}`);
      return;
    }
    const conflict = conflictOf(this.#data, document);
    if (conflict === undefined) {
      mergeInto(this.#data, document);
      this.#files.push({ name, path, document });
      return;
    }
    const other = this.#files.find((file) => isDocument(file.document) && holds(file.document, conflict));
    const end = other === undefined ? ", data from multiple files must not overlap" : `, also defined in ${other.name}`;
    this.#problem(`${name}: merge error: conflicting values at ${["data", ...conflict].join(".")}${end}`);
  }

  #problem(text: string): void {
    this.#problems.push(plainProblem(text));
  }

  async #attempt<T>(what: string, act: () => Promise<T>): Promise<T | undefined> {
    try {
      return await act();
    } catch (error) {
      this.#problem(`${what}: ${whyUnreadable(error)}`);
      return undefined;
    }
  }
}

function holds(document: PlainObject, path: readonly string[]): boolean {
  let at: Value | undefined = document;
  for (const name of path) {
    if (at === undefined || !isDocument(at) || !Object.hasOwn(at, name)) return false;
    at = at[name];
  }
  return true;
}
