import { readFileSync } from "node:fs";
import type { TypeDescription } from "./built-in-schemas.ts";

/**
 * What Kubernetes says its types and fields are for, read from the type declarations of its JavaScript client when
 * a type is first asked for. Where that package is not installed there are no descriptions, and explain shows names,
 * types and requirements alone.
 */
export function publishedDescriptions(): (type: string) => TypeDescription | undefined {
  const folder = modelsFolder();
  return (type) => {
    if (folder === undefined) return undefined;
    const [group = "", version = "", ...name] = type.split(".").slice(-3);
    const model = `${capital(version)}${name.join("")}`;
    const text = readModel(folder, `${capital(group)}${model}`) ?? readModel(folder, model);
    return text === undefined ? undefined : describeModel(text);
  };
}

function modelsFolder(): URL | undefined {
  try {
    return new URL("gen/models/", import.meta.resolve("@kubernetes/client-node"));
  } catch {
    return undefined;
  }
}

function readModel(folder: URL, name: string): string | undefined {
  try {
    return readFileSync(new URL(`${name}.d.ts`, folder), "utf8");
  } catch {
    return undefined;
  }
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

const documented = /\/\*\*\s*\n([\s\S]*?)\*\/\s*\n\s*(?:export declare class \w+|'([^']+)'\??:)/gu;

/** The comments of a model's class and of its members, each told from the declaration below it. */
export function describeModel(text: string): TypeDescription {
  let description = "";
  const fields: Record<string, string> = {};
  for (const [, comment = "", field] of text.matchAll(documented)) {
    const last = comment.slice(comment.lastIndexOf("/**") + 1);
    const words = last
      .split("\n")
      .map((line) => line.replace(/^\s*\*+\s?/u, "").trim())
      .join(" ")
      .replaceAll(/\\(['"])/gu, "$1")
      .trim();
    if (field === undefined) description = words;
    else fields[field.startsWith("_") ? field.slice(1) : field] = words;
  }
  return { description, fields };
}
