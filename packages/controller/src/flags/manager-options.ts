import type { DenialForm } from "@portcullis/policy";
import type { GivenFlags, ManagerFlag } from "./flag.ts";
import { managerFlags } from "./manager-flags-data.ts";
import { managerUsage } from "./manager-usage.ts";
import { operations, type Operation } from "./operations.ts";
import { readArguments } from "./read-arguments.ts";

/** How log lines look, and which are written. */
export interface LogOptions {
  readonly level: "debug" | "info" | "warn";
  readonly levelKey: string;
  readonly levelEncoder: LevelEncoder;
  /** Standard error where absent. */
  readonly file?: string;
}

/** How a line's level is written: in letters small or large, and with a terminal's colours. */
export type LevelEncoder = "lower" | "capital" | "color" | "capitalcolor";

/** What the server was told on its command line and in its environment. */
export interface ManagerOptions {
  readonly operations: ReadonlySet<Operation>;
  readonly pod: string;
  readonly isFakePod: boolean;
  readonly namespace: string;
  /** The account that it runs as. */
  readonly serviceAccount: string;
  readonly host: string;
  readonly port: number;
  /** Absent where nothing is to be served. */
  readonly healthAddress: { readonly host: string; readonly port: number } | undefined;
  readonly prometheusPort: number;
  readonly shutdownDelaySeconds: number;
  readonly kubeconfig: string | undefined;
  readonly log: LogOptions;
  /** The webhook configurations whose authorities are kept right. */
  readonly webhookConfigurations: { readonly validating: readonly string[]; readonly mutating: readonly string[] };
  /** Whether the webhook is narrowed to the kinds that some constraint matches. */
  readonly narrowRules: boolean;
  readonly certificates: {
    readonly folder: string;
    readonly isRotated: boolean;
    readonly serviceName: string;
    readonly secretName: string;
    readonly minimumVersion: "TLSv1.2" | "TLSv1.3";
    /** Whom callers must be; absent where nobody asks. */
    readonly client: { readonly authorityFile: string; readonly commonName: string } | undefined;
    readonly inHealthCheck: boolean;
  };
  readonly exemptNamespaces: {
    readonly names: readonly string[];
    readonly prefixes: readonly string[];
    readonly suffixes: readonly string[];
  };
  readonly anyEnforcementAction: boolean;
  readonly disabledBuiltins: readonly string[];
  readonly referentialRules: boolean;
  readonly logDenies: boolean;
  readonly emitEvents: boolean;
  readonly eventsInInvolvedNamespace: boolean;
  readonly denialForm: DenialForm;
}

/** The options and what their giver must be told; or what is said instead of serving, and the exit status, as Go's. */
export type OptionsReading =
  | { readonly ok: true; readonly options: ManagerOptions; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly message: string; readonly status: 0 | 1 | 2 };

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the server's command line and environment. */
export function readManagerOptions(argv: readonly string[], environment: Environment): OptionsReading {
  const read = readArguments(argv, managerFlags);
  if (read.kind === "help") return { ok: false, message: managerUsage(managerFlags), status: 0 };
  if (read.kind === "wrong") return { ok: false, message: read.message, status: 2 };
  const [surplus] = read.positional;
  if (surplus !== undefined) return { ok: false, message: `unexpected argument: ${surplus}`, status: 2 };
  for (const flag of managerFlags) {
    const refusal = refusalOf(flag, read.given);
    if (refusal !== undefined) return { ok: false, message: refusal, status: 1 };
  }
  try {
    const values = valuesOf(read.given);
    const assigned = readOperations(values.strings("operation"));
    const options = optionsOf(values, assigned, environment);
    return { ok: true, options, warnings: [...flagWarnings(read.given), ...operationWarnings(assigned, values)] };
  } catch (error) {
    if (error instanceof OptionError) return { ok: false, message: error.message, status: 1 };
    throw error;
  }
}

/** Why a flag that was given is refused. */
function refusalOf({ kind, name, standing }: ManagerFlag, given: GivenFlags): string | undefined {
  if (standing.kind !== "refused") return undefined;
  const values = given.get(name) ?? [];
  // Of what makes no list the last counts, as it does everywhere.
  const bad = (kind === "strings" ? values : values.slice(-1)).find((value) => standing.values(value));
  return bad === undefined ? undefined : `--${name}=${bad} cannot be kept: ${standing.because}`;
}

/** What whoever gave flags without effect is told. */
function flagWarnings(given: GivenFlags): readonly string[] {
  const warnings: string[] = [];
  for (const flag of managerFlags) {
    const values = given.get(flag.name);
    if (values === undefined || flag.standing.kind !== "ignored") continue;
    warnings.push(`--${flag.name}=${values.at(-1)} has no effect: ${flag.standing.because}`);
  }
  for (const builtin of given.get("disable-opa-builtin") ?? []) {
    if (!isBraced(builtin)) continue;
    warnings.push(
      `--disable-opa-builtin=${builtin} names no builtin, as in Gatekeeper, whose manifests have it so; ` +
        `leave the braces out to disable ${builtin.slice(1, -1)}`,
    );
  }
  return warnings;
}

function isBraced(builtin: string): boolean {
  return builtin.startsWith("{") && builtin.endsWith("}");
}

class OptionError extends Error {}

interface Values {
  boolean(name: string): boolean;
  string(name: string): string;
  strings(name: string): readonly string[];
  integer(name: string): number;
  isGiven(name: string): boolean;
}

function valuesOf(given: GivenFlags): Values {
  const flagOf = <K extends ManagerFlag["kind"]>(name: string, kind: K): Extract<ManagerFlag, { kind: K }> => {
    const flag = managerFlags.find((candidate) => candidate.name === name);
    if (flag?.kind !== kind) throw new Error(`no ${kind} flag --${name} is declared`);
    // The kind was just compared.
    return flag as Extract<ManagerFlag, { kind: K }>;
  };
  const last = (name: string): string | undefined => given.get(name)?.at(-1);
  return {
    boolean: (name) => (last(name) ?? String(flagOf(name, "boolean").default)) === "true",
    string: (name) => last(name) ?? flagOf(name, "string").default,
    strings: (name) => given.get(flagOf(name, "strings").name) ?? [],
    integer: (name) => Number(last(name) ?? flagOf(name, "integer").default),
    isGiven: (name) => given.has(name),
  };
}

function optionsOf(values: Values, assigned: ReadonlySet<Operation>, environment: Environment): ManagerOptions {
  const isFakePod = values.boolean("debug-use-fake-pod");
  const clientAuthority = values.string("client-ca-name");
  const namesOf = (kind: "validating" | "mutating"): readonly string[] =>
    values
      .string(`additional-${kind}-webhook-configs-to-rotate-certs`)
      .split(",")
      .filter((name) => name !== "");
  const file = values.string("log-file");
  checkFailurePolicy(values.string("default-k8s-native-validation-failure-policy"));
  return {
    operations: assigned,
    pod: podOf(environment, isFakePod),
    isFakePod,
    namespace: environment["POD_NAMESPACE"] ?? "gatekeeper-system",
    serviceAccount: values.string("service-account-name"),
    host: values.string("host"),
    port: values.integer("port"),
    healthAddress: readAddress("health-addr", values.string("health-addr")),
    prometheusPort: values.integer("prometheus-port"),
    shutdownDelaySeconds: values.integer("shutdown-delay"),
    kubeconfig: values.string("kubeconfig") === "" ? undefined : values.string("kubeconfig"),
    log: {
      level: levelOf(values.string("log-level")),
      levelKey: values.string("log-level-key"),
      levelEncoder: encoderOf(values.string("log-level-encoder")),
      ...(file === "" ? {} : { file }),
    },
    webhookConfigurations: {
      validating: [values.string("validating-webhook-configuration-name"), ...namesOf("validating")].filter(
        (name) => name !== "",
      ),
      mutating: namesOf("mutating"),
    },
    narrowRules: values.boolean("narrow-webhook-rules"),
    certificates: {
      folder: values.string("cert-dir"),
      isRotated: !values.boolean("disable-cert-rotation"),
      serviceName: values.string("cert-service-name"),
      secretName: values.string("cert-secret-name"),
      minimumVersion: tlsVersionOf(values.string("tls-min-version")),
      client:
        clientAuthority === ""
          ? undefined
          : { authorityFile: clientAuthority, commonName: values.string("client-cn-name") },
      inHealthCheck: values.boolean("enable-tls-healthcheck"),
    },
    exemptNamespaces: {
      names: values.strings("exempt-namespace"),
      prefixes: values.strings("exempt-namespace-prefix"),
      suffixes: values.strings("exempt-namespace-suffix"),
    },
    anyEnforcementAction: values.boolean("disable-enforcementaction-validation"),
    disabledBuiltins: values.strings("disable-opa-builtin").filter((builtin) => !isBraced(builtin)),
    referentialRules: values.boolean("enable-referential-rules"),
    logDenies: values.boolean("log-denies"),
    emitEvents: values.boolean("emit-admission-events"),
    eventsInInvolvedNamespace: values.boolean("admission-events-involved-namespace"),
    denialForm: denialFormOf(values.string("denial-form")),
  };
}

function podOf(environment: Environment, isFakePod: boolean): string {
  if (isFakePod) return "no-pod";
  const pod = environment["POD_NAME"] ?? "";
  if (pod === "") {
    throw new OptionError(
      "POD_NAME is not set, so nobody could tell whose status this is; set it to the Pod's name, " +
        "or give --debug-use-fake-pod outside of a Pod",
    );
  }
  return pod;
}

function readOperations(given: readonly string[]): ReadonlySet<Operation> {
  if (given.length === 0) return new Set(operations);
  const named = given
    .flatMap((text) => text.split(","))
    .flatMap((name) => operations.filter((operation) => operation === name));
  const assigned = new Set<Operation>(named);
  if (!assigned.has("webhook") && !assigned.has("status")) {
    const asked = [...assigned].join(", ");
    throw new OptionError(
      `--operation=${asked}: there is nothing for this process to do: audit, generation and mutation come with a ` +
        "later version; take this Deployment away, or give it webhook or status",
    );
  }
  return assigned;
}

/** Operations that were asked for by name and are not here yet. */
function operationWarnings(assigned: ReadonlySet<Operation>, values: Values): readonly string[] {
  if (!values.isGiven("operation")) return [];
  const parts: readonly (readonly [Operation, string])[] = [
    ["audit", "audit: what is in the cluster already is not reviewed"],
    ["generate", "generating ValidatingAdmissionPolicies"],
    ["mutation-controller", "mutation"],
    ["mutation-status", "mutation"],
    ["mutation-webhook", "mutation"],
  ];
  return parts
    .filter(([operation]) => assigned.has(operation))
    .map(([operation, part]) => `--operation=${operation} has no effect yet: a later version brings ${part}`);
}

/** `:9090`, `0.0.0.0:9090` or `[::1]:9090`; `0` and nothing for nowhere. */
function readAddress(flag: string, text: string): { readonly host: string; readonly port: number } | undefined {
  if (text === "" || text === "0") return undefined;
  const match = /^(?:\[([^\]]*)\]|([^:]*)):(\d+)$/.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    throw new OptionError(`--${flag}=${text}: an address is HOST:PORT or :PORT, and 0 is none`);
  }
  return { host: match[1] ?? match[2] ?? "", port };
}

/** It has no effect yet, but what Gatekeeper does not start with is no good for later either. */
function checkFailurePolicy(text: string): void {
  if (text !== "Fail" && text !== "Ignore") {
    throw new OptionError(`invalid failure policy: unrecognized failure policy: ${text}`);
  }
}

/** Gatekeeper takes what it does not know for INFO, and ERROR for WARNING. */
function levelOf(text: string): LogOptions["level"] {
  if (text === "DEBUG") return "debug";
  return text === "WARNING" || text === "ERROR" ? "warn" : "info";
}

function encoderOf(text: string): LevelEncoder {
  if (text === "lower" || text === "capital" || text === "color" || text === "capitalcolor") return text;
  throw new OptionError(`invalid log level encoder: ${text}; those are lower, capital, color and capitalcolor`);
}

function tlsVersionOf(text: string): "TLSv1.2" | "TLSv1.3" {
  if (text === "1.3") return "TLSv1.3";
  if (text === "1.2") return "TLSv1.2";
  throw new OptionError(`--tls-min-version=${text}: this is served with TLS 1.2 or 1.3 alone`);
}

function denialFormOf(text: string): DenialForm {
  if (text === "classic" || text === "current") return text;
  throw new OptionError(`--denial-form=${text}: this is no form; use classic or current`);
}
