/** The flags of Gatekeeper's manager, and what becomes of each here. */
import type { ManagerFlag, Standing, ValueComplaint } from "./flag.ts";
import {
  durationComplaint,
  exporterComplaint,
  klogLevelComplaint,
  operationComplaint,
  severityComplaint,
} from "./value-complaints.ts";

const honoured: Standing = { kind: "honoured" };
const later = (part: string): Standing => ({ kind: "ignored", because: `${part} comes with a later version` });
const audit = later("audit");
const mutation = later("mutation");
const cel = later("CEL");
const externalData = later("external data");
const policies = later("making ValidatingAdmissionPolicies");
const without = (because: string): Standing => ({ kind: "ignored", because });
const refusedWhenTrue = (because: string): Standing => ({
  kind: "refused",
  values: (value) => value === "true",
  because,
});
const klog = without("it sets the Go logger, which is not here; use --log-level and --log-file");

type Range = readonly [least: number, greatest: number];
const port: Range = [0, 65_535];
const seconds: Range = [0, 86_400];

const boolean = (name: string, defaultsTo: boolean, standing: Standing, summary: string): ManagerFlag => ({
  kind: "boolean",
  name,
  default: defaultsTo,
  standing,
  summary,
});
const string = (
  name: string,
  defaultsTo: string,
  value: string,
  standing: Standing,
  summary: string,
  complaint?: ValueComplaint,
): ManagerFlag => ({
  kind: "string",
  name,
  default: defaultsTo,
  value,
  standing,
  summary,
  ...(complaint === undefined ? {} : { complaint }),
});
const duration = (name: string, defaultsTo: string, standing: Standing, summary: string): ManagerFlag =>
  string(name, defaultsTo, "DURATION", standing, summary, durationComplaint);
const strings = (
  name: string,
  value: string,
  standing: Standing,
  summary: string,
  complaint?: ValueComplaint,
): ManagerFlag => ({
  kind: "strings",
  name,
  value,
  standing,
  summary,
  ...(complaint === undefined ? {} : { complaint }),
});
const integer = (
  name: string,
  defaultsTo: number,
  range: Range | undefined,
  standing: Standing,
  summary: string,
): ManagerFlag => ({
  kind: "integer",
  name,
  default: defaultsTo,
  value: "N",
  ...(range === undefined ? {} : { range }),
  standing,
  summary,
});

const serving: readonly ManagerFlag[] = [
  strings(
    "operation",
    "NAME",
    honoured,
    "what this process does: webhook, status; by commas or repeated (default all)",
    operationComplaint,
  ),
  integer("port", 443, port, honoured, "the webhook's port; 0 for any free one"),
  string("host", "", "ADDRESS", honoured, "the address that the webhook listens on; all of them when empty"),
  string("health-addr", ":9090", "ADDRESS", honoured, "where /healthz and /readyz are served; 0 for nowhere"),
  integer("shutdown-delay", 10, seconds, honoured, "seconds that it keeps serving after it was told to stop"),
  integer(
    "max-serving-threads",
    -1,
    undefined,
    without("reviews run one after another in one thread"),
    "cap of concurrent reviews",
  ),
  integer(
    "readiness-retries",
    0,
    undefined,
    without("a policy that cannot be read is reported and waited for no longer"),
    "attempts at a policy before readiness goes on without it",
  ),
  string("kubeconfig", "", "FILE", honoured, "the cluster; that of the Pod it runs in when empty"),
  string(
    "validating-webhook-configuration-name",
    "gatekeeper-validating-webhook-configuration",
    "NAME",
    honoured,
    "the webhook configuration whose CA it keeps",
  ),
  string(
    "mutating-webhook-configuration-name",
    "gatekeeper-mutating-webhook-configuration",
    "NAME",
    mutation,
    "the configuration of the mutating webhook",
  ),
  strings("exempt-namespace", "NAME", honoured, "a namespace that may carry the label admission.gatekeeper.sh/ignore"),
  strings("exempt-namespace-prefix", "PREFIX", honoured, "the same for all namespaces of a prefix"),
  strings("exempt-namespace-suffix", "SUFFIX", honoured, "the same for all namespaces of a suffix"),
  boolean("disable-enforcementaction-validation", false, honoured, "admit constraints with actions that nobody knows"),
  strings("disable-opa-builtin", "NAME", honoured, "a builtin that templates may not use"),
  boolean("enable-referential-rules", true, honoured, "whether templates may read data.inventory"),
  boolean(
    "enable-remote-cluster",
    false,
    refusedWhenTrue(
      "one process enforces in the cluster that it reads from; a remote cluster comes with a later version",
    ),
    "enforce in another cluster",
  ),
  string(
    "service-account-name",
    "gatekeeper-admin",
    "NAME",
    honoured,
    "the account that it runs as, whose own writes it does not review",
  ),
  boolean("debug-use-fake-pod", false, honoured, "run outside of a Pod, under the name no-pod"),
];

const certificates: readonly ManagerFlag[] = [
  string(
    "cert-dir",
    "/certs",
    "FOLDER",
    honoured,
    "tls.crt, tls.key and ca.crt, where rotation is disabled; and the client CA",
  ),
  boolean("disable-cert-rotation", false, honoured, "use the certificate in --cert-dir and make none"),
  string("cert-service-name", "gatekeeper-webhook-service", "NAME", honoured, "the Service that the certificate names"),
  string(
    "cert-secret-name",
    "gatekeeper-webhook-server-cert",
    "NAME",
    honoured,
    "the Secret that the certificate is kept in",
  ),
  boolean("enable-tls-healthcheck", false, honoured, "make the request to itself over TLS part of /healthz too"),
  string("tls-min-version", "1.3", "VERSION", honoured, "1.2 or 1.3; older ones are refused"),
  string(
    "client-ca-name",
    "",
    "FILE",
    honoured,
    "the file in --cert-dir with the CA of callers; callers without a certificate are refused",
  ),
  string("client-cn-name", "kube-apiserver", "NAME", honoured, "the common name that callers must have"),
  string(
    "additional-validating-webhook-configs-to-rotate-certs",
    "",
    "NAMES",
    honoured,
    "other webhook configurations whose CA it keeps, by commas",
  ),
  string("additional-mutating-webhook-configs-to-rotate-certs", "", "NAMES", honoured, "the same for mutating ones"),
];

const telling: readonly ManagerFlag[] = [
  string("log-level", "INFO", "LEVEL", honoured, "DEBUG, INFO, WARNING or ERROR"),
  string("log-level-key", "level", "KEY", honoured, "the field that the level is written in"),
  string("log-level-encoder", "lower", "FORM", honoured, "lower, capital, color or capitalcolor"),
  string("log-file", "", "FILE", honoured, "where log lines go; standard error when empty"),
  boolean("log-denies", false, honoured, "log a line for every violation at admission"),
  boolean("emit-admission-events", false, honoured, "emit a Kubernetes event for every violation at admission"),
  boolean("admission-events-involved-namespace", false, honoured, "emit them in the namespace of the object"),
  boolean("log-stats-admission", false, later("figures of evaluations"), "log figures of every review"),
  integer("prometheus-port", 8888, port, honoured, "the port of /metrics"),
  strings(
    "metrics-backend",
    "NAME",
    {
      kind: "refused",
      values: (value) => value.split(",").some((name) => name.toLowerCase() !== "prometheus"),
      because: "metrics are served for Prometheus alone; pushing them comes with a later version",
    },
    "prometheus",
    exporterComplaint,
  ),
  string(
    "metrics-addr",
    "0",
    "ADDRESS",
    without("all metrics are served at --prometheus-port"),
    "where the Go runtime's metrics go",
  ),
  string("otlp-endpoint", "", "URL", later("pushing metrics"), "where metrics are pushed to"),
  duration("otlp-metric-interval", "10s", later("pushing metrics"), "how often metrics are pushed"),
  boolean("stackdriver-only-when-available", false, later("pushing metrics"), "push to Stackdriver where it is there"),
  duration("stackdriver-metric-interval", "10s", later("pushing metrics"), "how often metrics are pushed"),
  boolean(
    "enable-pprof",
    false,
    without("there is no Go runtime to profile; start Node with --cpu-prof"),
    "serve Go profiles",
  ),
  integer("pprof-port", 6060, undefined, without("there is no Go runtime to profile"), "where Go profiles are served"),
];

const missing: readonly ManagerFlag[] = [
  boolean(
    "enable-k8s-native-validation",
    true,
    without("CEL comes with a later version: a template with CEL alone is refused, one with Rego too runs its Rego"),
    "run the CEL of templates",
  ),
  string(
    "default-k8s-native-validation-failure-policy",
    "Fail",
    "POLICY",
    cel,
    "Fail or Ignore, for CEL that does not say",
  ),
  boolean("default-create-vap-for-templates", true, policies, "make a ValidatingAdmissionPolicy of templates with CEL"),
  boolean("default-create-vap-binding-for-constraints", true, policies, "make bindings of their constraints"),
  integer("default-wait-for-vapb-generation", 30, undefined, policies, "seconds before a binding is made"),
  boolean("sync-vap-enforcement-scope", true, policies, "give the policies the webhook's scope"),
  boolean("enable-external-data", true, externalData, "ask providers of external data"),
  duration("external-data-provider-response-cache-ttl", "3m", externalData, "how long a provider's answer is kept"),
  boolean("enable-generator-resource-expansion", true, later("expansion"), "review what workloads will make"),
  boolean("enable-mutation", false, mutation, "nothing; Gatekeeper deprecated it"),
  boolean("log-mutations", false, mutation, "log every mutation"),
  boolean("mutation-annotations", false, mutation, "annotate what was mutated"),
  integer("audit-interval", 60, undefined, audit, "seconds between audits"),
  integer("constraint-violations-limit", 20, undefined, audit, "violations kept in a constraint's status"),
  integer("audit-chunk-size", 500, undefined, audit, "objects a page"),
  boolean("audit-from-cache", false, audit, "audit synced objects alone"),
  boolean("audit-match-kind-only", false, audit, "audit the kinds alone that constraints name"),
  string("api-cache-dir", "/tmp/audit", "FOLDER", audit, "where audit keeps what it reads"),
  boolean("emit-audit-events", false, audit, "emit events for what audit finds"),
  boolean("audit-events-involved-namespace", false, audit, "emit them in the object's namespace"),
  boolean("log-stats-audit", false, audit, "log figures of audits"),
  boolean(
    "enable-violation-export",
    false,
    refusedWhenTrue("exporting violations comes with a later version, and whoever waits for them would get none"),
    "export violations",
  ),
  boolean(
    "enable-admission-violation-export",
    false,
    refusedWhenTrue("exporting violations comes with a later version, and whoever waits for them would get none"),
    "export violations at admission",
  ),
  string("audit-connection", "audit-connection", "NAME", audit, "the Connection that violations are exported over"),
  string("audit-channel", "audit-channel", "NAME", audit, "the channel that violations are exported to"),
];

const goLogger: readonly ManagerFlag[] = [
  // Standard error is where log lines go, so these two are kept.
  boolean("logtostderr", false, honoured, "log to standard error, which it does anyway"),
  boolean("alsologtostderr", false, honoured, "the same"),
  string("stderrthreshold", "2", "LEVEL", klog, "the Go logger's", severityComplaint),
  string("v", "0", "LEVEL", klog, "the Go logger's", klogLevelComplaint),
  string("vmodule", "", "PATTERN", klog, "the Go logger's"),
  string("log_backtrace_at", "", "PLACE", klog, "the Go logger's"),
  string("log_dir", "", "FOLDER", klog, "the Go logger's"),
  string("log_link", "", "FOLDER", klog, "the Go logger's"),
  integer("logbuflevel", 0, undefined, klog, "the Go logger's"),
];

const ours: readonly ManagerFlag[] = [
  boolean(
    "narrow-webhook-rules",
    false,
    honoured,
    "narrow the webhook to the kinds that some constraint matches (ours)",
  ),
  string(
    "denial-form",
    "classic",
    "FORM",
    honoured,
    "classic: `[denied by NAME] text`; current: `[NAME] text`, as Gatekeeper since 3.4 (ours)",
  ),
];

/** Every flag that the server takes. */
export const managerFlags: readonly ManagerFlag[] = [
  ...serving,
  ...certificates,
  ...telling,
  ...missing,
  ...goLogger,
  ...ours,
];
