/** Writes what the chart takes from the code: the CRDs, and the rules of its roles. `--check` says what is stale. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { rulesFor, type RoleRule } from "@portcullis/controller/rbac";
import { nameOf } from "@portcullis/objects";
import { writeYaml } from "@portcullis/objects/yaml";
import { installedCrds } from "@portcullis/policy";

const chart = join(import.meta.dirname, "..", "charts", "portcullis");
const note = "Written by scripts/write-chart.ts; do not edit.";

/** The generated files of the chart, by their path in it. */
export function generatedFiles(): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const crd of installedCrds) files.set(`crds/${nameOf(crd)}.yaml`, `# ${note}\n${writeYaml(crd)}`);
  files.set(
    "templates/_rules.tpl",
    [
      `{{- /* ${note} */ -}}`,
      define("portcullis.clusterRules", rulesFor("cluster")),
      define("portcullis.namespaceRules", rulesFor("own-namespace")),
      "",
    ].join("\n"),
  );
  return files;
}

/** The generated files that are not as they should be. */
export function staleFiles(): readonly string[] {
  const files = generatedFiles();
  const crds = readdirSync(join(chart, "crds")).map((name) => `crds/${name}`);
  const stale = [...files].filter(([path, text]) => read(join(chart, path)) !== text).map(([path]) => path);
  return [...stale, ...crds.filter((path) => !files.has(path))];
}

function define(name: string, rules: readonly RoleRule[]): string {
  return [`{{- define "${name}" -}}`, ...rules.map(ruleText), "{{- end -}}"].join("\n");
}

const onlyValues = {
  inventory: ".Values.rbac.inventory",
  "events-anywhere": ".Values.admissionEventsInvolvedNamespace",
} as const;

function ruleText({ apiGroups, resources, verbs, names, only }: RoleRule): string {
  const list = (key: string, items: readonly string[]): readonly string[] => [
    `  ${key}:`,
    ...items.map((item) => `  - ${JSON.stringify(item)}`),
  ];
  const lines = [
    `- apiGroups:`,
    ...apiGroups.map((group) => `  - ${JSON.stringify(group)}`),
    ...namesText(names),
    ...list("resources", resources),
    ...list("verbs", verbs),
  ];
  const conditions = [
    ...(only === undefined ? [] : [onlyValues[only]]),
    ...(names === "mutating-webhook-configurations" ? [".Values.additionalMutatingWebhookConfigsToRotateCerts"] : []),
  ];
  const [condition] = conditions;
  return condition === undefined ? lines.join("\n") : [`{{- if ${condition} }}`, ...lines, "{{- end }}"].join("\n");
}

function namesText(names: RoleRule["names"]): readonly string[] {
  const each = (values: string): readonly string[] => [
    `  {{- range ${values} }}`,
    "  - {{ . | quote }}",
    "  {{- end }}",
  ];
  switch (names) {
    case "validating-webhook-configurations":
      return [
        "  resourceNames:",
        '  - {{ include "portcullis.webhookConfiguration" . | quote }}',
        ...each(".Values.additionalValidatingWebhookConfigsToRotateCerts"),
      ];
    case "mutating-webhook-configurations":
      return ["  resourceNames:", ...each(".Values.additionalMutatingWebhookConfigsToRotateCerts")];
    case "certificate-secret":
      return ["  resourceNames:", '  - {{ include "portcullis.secret" . | quote }}'];
    case undefined:
      return [];
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

if (import.meta.main) {
  if (process.argv.includes("--check")) {
    for (const path of staleFiles()) {
      process.stderr.write(`charts/portcullis/${path} is stale; run node --conditions=source scripts/write-chart.ts\n`);
      process.exitCode = 1;
    }
  } else {
    for (const [path, text] of generatedFiles()) {
      mkdirSync(dirname(join(chart, path)), { recursive: true });
      writeFileSync(join(chart, path), text);
    }
  }
}
