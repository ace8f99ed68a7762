/** The server as the manifests confine it: another user, no capability, nothing that it could write. */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { isJsonArray, isJsonObject, own, ownPath, ownString, type JsonObject } from "@portcullis/objects";
import { readYaml } from "@portcullis/objects/yaml";

const execute = promisify(execFile);
const main = join(import.meta.dirname, "../../../packages/cli/src/main.ts");

/** Every object that the manifests of a profile hold. */
export async function manifestsOf(profile: "lenient" | "strict"): Promise<readonly JsonObject[]> {
  const { stdout } = await execute(
    process.execPath,
    ["--conditions=source", main, "manifests", `--profile=${profile}`],
    {
      maxBuffer: 2 ** 26,
    },
  );
  return readYaml(stdout, profile).documents.flatMap(({ value }) => (isJsonObject(value) ? [value] : []));
}

/** What is wrong with how the manifests confine their Pods. */
export function looseEnds(objects: readonly JsonObject[]): readonly string[] {
  const pods = objects.flatMap((object) => {
    const spec = ownPath(object, "spec", "template", "spec");
    return isJsonObject(spec) ? [{ title: `${ownString(object, "kind")}`, spec }] : [];
  });
  const found = pods.length === 0 ? ["there is no Pod"] : [];
  for (const { title, spec } of pods) {
    for (const field of ["hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace"]) {
      if (own(spec, field) === true) found.push(`${title}: ${field}`);
    }
    const volumes = own(spec, "volumes");
    for (const volume of isJsonArray(volumes) ? volumes : []) {
      if (own(volume, "hostPath") !== undefined) found.push(`${title}: a path of the node`);
    }
    const containers = own(spec, "containers");
    for (const container of isJsonArray(containers) ? containers : []) found.push(...looseIn(title, spec, container));
  }
  return found;
}

function looseIn(title: string, pod: JsonObject, container: unknown): readonly string[] {
  const name = `${title}/${ownString(container, "name")}`;
  const of = (field: string): unknown =>
    ownPath(container, "securityContext", field) ?? ownPath(pod, "securityContext", field);
  const drop = ownPath(container, "securityContext", "capabilities", "drop");
  const claims: readonly (readonly [what: string, holds: boolean])[] = [
    ["another user than root", of("runAsNonRoot") === true && of("runAsUser") !== 0],
    ["a root file system that is read only", of("readOnlyRootFilesystem") === true],
    ["no way to more privileges", of("allowPrivilegeEscalation") === false && of("privileged") !== true],
    ["no capability", isJsonArray(drop) && drop.includes("ALL")],
    ["no capability added", ownPath(container, "securityContext", "capabilities", "add") === undefined],
    ["the runtime's filter of system calls", ownString(of("seccompProfile"), "type") === "RuntimeDefault"],
    ["a limit of memory", ownPath(container, "resources", "limits", "memory") !== undefined],
    ["no limit of CPU", ownPath(container, "resources", "limits", "cpu") === undefined],
  ];
  return claims.filter(([, holds]) => !holds).map(([what]) => `${name} lacks ${what}`);
}

/** Why a process cannot be confined here, or nothing. */
export async function whyNotConfinable(): Promise<string | undefined> {
  if (process.platform !== "linux") return "only Linux tells what a process may do";
  if (process.getuid?.() !== 0) return "only root can take a process' rights away like a kubelet";
  try {
    await execute(confining[0], [...confining.slice(1), "true"]);
    return undefined;
  } catch (error) {
    return `a process cannot be confined here: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** The command that runs another in a file system that is read only, as the manifests' user, with nothing to gain. */
export const confining: readonly [string, ...string[]] = [
  "unshare",
  "--mount",
  "--",
  "sh",
  "-c",
  'mount -o remount,ro,bind / / 2>/dev/null || mount --bind -o ro / / && mount -o remount,ro,bind /; exec "$@"',
  "sh",
  "setpriv",
  "--reuid=1000",
  "--regid=999",
  "--clear-groups",
  "--no-new-privs",
  "--bounding-set=-all",
  "--inh-caps=-all",
];

/** What the system says of a process. */
export function facts(pid: number): Readonly<Record<string, string>> {
  const lines = readFileSync(`/proc/${pid}/status`, "utf8").split("\n");
  return Object.fromEntries(lines.map((line) => line.split(/:\s*/, 2) as [string, string]));
}

/** Files of a disk that a process has open to write. */
export function writtenFiles(pid: number): readonly string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/${pid}/fd/${fd}`);
      const flags = /^flags:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/fdinfo/${fd}`, "utf8"))?.[1] ?? "0";
      const isWritable = (Number.parseInt(flags, 8) & 3) !== 0;
      return target.startsWith("/") && !target.startsWith("/dev/") && isWritable ? [target] : [];
    } catch {
      // Closed since the list was read.
      return [];
    }
  });
}
