/** What must not stand in the sources of what serves. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../../..");
const served = ["rego", "objects", "policy", "certs", "host", "kube", "controller", "sandbox"];

const forbidden: readonly (readonly [what: string, pattern: RegExp, except: readonly string[]])[] = [
  ["code from text", /\bnew\s+Function\b|\beval\s*\(|\bFunction\s*\(\s*["'`]/, ["packages/rego/src/link.ts"]],
  ["a virtual machine or another process", /from\s+["']node:(?:vm|child_process|cluster|repl|inspector)["']/, []],
  // Where it is used for speed, the next word is that the key is the object's own.
  [
    "a loop over what is inherited too",
    /\bfor\s*\(\s*(?:const|let|var)\s+\w+\s+in\b[^)]*\)(?!\s*\{\s*if \(!Object\.hasOwn\()/,
    [],
  ],
  ["a prototype written to", /\.prototype\s*[.[].*=[^=]|__proto__\s*[:=][^=]|setPrototypeOf/, []],
  ["an own-property test that an object can answer itself", /\.hasOwnProperty\s*\(/, []],
  [
    "a secret compared in a time that tells of it",
    /\b\w*(?:[sS]ecret|[pP]assword|[sS]ignature|[hH]mac|bearer|authorization)\w*\s*[!=]==?(?!=|\s*(?:undefined\b|null\b|["'`]))/,
    [],
  ],
  ["a module whose name is computed", /\bimport\s*\(\s*(?!["'`])/, ["packages/rego/src/link.ts"]],
];

/** Comments, and texts within quotes, are not code. */
function codeOf(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|(?<![:"'`\\])\/\/.*/g, "");
}

/** Complaints about one file. */
export function complaintsAbout(file: string, text: string): readonly string[] {
  const code = codeOf(text);
  return forbidden.flatMap(([what, pattern, except]) => {
    const found = except.includes(file) ? null : pattern.exec(code);
    return found === null ? [] : [`${file}: ${what}: ${found[0]}`];
  });
}

/** Complaints about all that serves, and how many files were read. */
export function scanSources(): { readonly files: number; readonly complaints: readonly string[] } {
  const files = served
    .flatMap((name) => globSync(`packages/${name}/src/**/*.ts`, { cwd: root }))
    .filter((file) => !/(\.spec|-data)\.ts$/.test(file) && !/\/testing(\.ts|\/)/.test(file));
  const complaints = files.flatMap((file) => complaintsAbout(file, readFileSync(join(root, file), "utf8")));
  return { files: files.length, complaints };
}
