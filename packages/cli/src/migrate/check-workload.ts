import { managerFlags } from "@portcullis/controller/flags";
import { isJsonArray, labelsOf, own, ownPath, ownString, type JsonObject, type JsonValue } from "@portcullis/objects";
import type { Fate, Finding } from "./finding.ts";

/** Whether an object is a Deployment of Gatekeeper's. */
export function isGatekeepersWorkload(object: JsonObject): boolean {
  if (ownString(object, "kind") !== "Deployment") return false;
  const containers = ownPath(object, "spec", "template", "spec", "containers");
  return (isJsonArray(containers) ? containers : []).some((container) => isGatekeeper(object, container));
}

/** Looks at a Deployment, if it is one of Gatekeeper's: what it does and which flags it is given. */
export function checkWorkload(deployment: JsonObject, subject: string): readonly Finding[] {
  const containers = ownPath(deployment, "spec", "template", "spec", "containers");
  const findings: Finding[] = [];
  for (const container of isJsonArray(containers) ? containers : []) {
    if (!isGatekeeper(deployment, container)) continue;
    const given = argumentsOf(container);
    const operations = given.filter(([name]) => name === "operation").flatMap(([, value]) => value.split(","));
    const serves = operations.length === 0 || operations.includes("webhook");
    findings.push(serves ? servingFinding(subject) : idleFinding(subject, operations));
    if (serves) findings.push(wordingFinding(subject));
    for (const [name, value] of given) findings.push(...checkFlag(name, value, subject, serves));
  }
  return findings;
}

function isGatekeeper(deployment: JsonObject, container: JsonValue): boolean {
  // Portcullis' own, which may stand beside Gatekeeper, is always told the form of its denials.
  if (argumentsOf(container).some(([name]) => name === "denial-form")) return false;
  const image = ownString(container, "image") ?? "";
  const repository = image.split("@")[0]?.split("/").at(-1)?.split(":")[0];
  return repository === "gatekeeper" || labelsOf(deployment)["gatekeeper.sh/system"] === "yes";
}

function servingFinding(subject: string): Finding {
  return { fate: "works", subject, text: "its place is taken by the Deployment of Portcullis" };
}

function idleFinding(subject: string, operations: readonly string[]): Finding {
  const what = operations.includes("audit")
    ? "audit comes with a later version: violations of what is there already are no longer found, and the status keeps the last ones"
    : `nothing here does ${operations.join(", ")} yet`;
  return { fate: "stops", subject, text: what };
}

function wordingFinding(subject: string): Finding {
  const text = "denials say `[denied by NAME] text`; give --denial-form=current for Gatekeeper's `[NAME] text`";
  return { fate: "differs", subject, text };
}

/** The flags of a container with their values; the environment is left out, since Gatekeeper reads no flag from it. */
function argumentsOf(container: JsonValue): readonly (readonly [name: string, value: string])[] {
  const texts = ["command", "args"].flatMap((field) => {
    const list = own(container, field);
    return isJsonArray(list) ? list.filter((text) => typeof text === "string") : [];
  });
  const given: (readonly [string, string])[] = [];
  for (let at = 0; at < texts.length; at += 1) {
    const match = /^--?([^-=][^=]*)(?:=([\s\S]*))?$/.exec(texts[at] ?? "");
    if (match === null) continue;
    const name = match[1] ?? "";
    const flag = managerFlags.find((candidate) => candidate.name === name);
    const next = texts[at + 1];
    const takesNext = match[2] === undefined && flag !== undefined && flag.kind !== "boolean" && next !== undefined;
    given.push([name, match[2] ?? (takesNext ? next : "true")]);
    if (takesNext) at += 1;
  }
  return given;
}

function checkFlag(name: string, value: string, subject: string, serves: boolean): readonly Finding[] {
  const flag = managerFlags.find((candidate) => candidate.name === name);
  const about = `${subject}: --${name}=${value}`;
  const finding = (fate: Fate, text: string): readonly Finding[] => [{ fate, subject: about, text }];
  if (flag === undefined) return finding("stops", "nobody knows this flag: the server would not start");
  // A Deployment that is not needed takes its flags along.
  if (!serves || flag.name === "operation") return [];
  if (flag.name === "disable-opa-builtin" && value.startsWith("{")) {
    return finding("works", "disables nothing, as in Gatekeeper: the braces are taken for part of the name");
  }
  switch (flag.standing.kind) {
    case "honoured":
      return finding("works", "does what it does in Gatekeeper");
    case "refused":
      return flag.standing.values(value)
        ? finding("stops", `refused: ${flag.standing.because}`)
        : finding("works", "asks for nothing that is missing");
    case "ignored":
      // What it says is what holds without it; whatever is missing is found by its objects.
      if ("default" in flag && value === String(flag.default)) return finding("works", "says what holds without it");
      return finding("differs", `taken with a warning: ${flag.standing.because}`);
  }
}
