/**
 * Every value of Gatekeeper's chart 3.23.1 and what becomes of it here, with a value that asks for something: honoured
 * ones say where it is seen in what is rendered. Ours are here as well.
 */
import type { JsonObject, JsonValue } from "@portcullis/objects";

/** Where a value is seen: an object by kind and name, then keys and indices. */
export type Place = readonly [object: string, ...path: string[]];

export type Honoured = {
  readonly name: string;
  readonly value: JsonValue;
  /** What else must be given for it to be seen; such rows are rendered by themselves. */
  readonly with?: JsonObject;
} & (
  | { readonly at: Place; readonly is: JsonValue | undefined }
  | { readonly at: Place; readonly has: JsonValue }
  | { readonly at: Place; readonly lacks: JsonValue }
);

export interface Told {
  readonly name: string;
  readonly value: JsonValue;
}

export interface Refused {
  readonly name: string;
  readonly value: JsonValue;
  readonly with?: JsonObject;
  readonly says: RegExp;
}

const deployment = "Deployment gatekeeper-controller-manager";
const service = "Service gatekeeper-webhook-service";
const webhooks = "ValidatingWebhookConfiguration gatekeeper-validating-webhook-configuration";
const quota = "ResourceQuota gatekeeper-critical-pods";
const applier = "Job gatekeeper-apply-policies";
const pod = (...path: readonly string[]): Place => [deployment, "spec", "template", "spec", ...path];
const container = (...path: readonly string[]): Place => pod("containers", "0", ...path);
const validation = (...path: readonly string[]): Place => [webhooks, "webhooks", "0", ...path];

const honouredAt = (name: string, value: JsonValue, at: Place, is: JsonValue | undefined = value): Honoured => ({
  name,
  value,
  at,
  is,
});
const listed = (name: string, value: JsonValue, at: Place, has: JsonValue): Honoured => ({ name, value, at, has });
const flagged = (name: string, value: JsonValue, flag: string): Honoured =>
  listed(name, value, container("args"), flag);

const spread = {
  maxSkew: 2,
  topologyKey: "rack",
  whenUnsatisfiable: "DoNotSchedule",
  labelSelector: { matchLabels: { "gatekeeper.sh/operation": "webhook" } },
};
const tolerations = [{ key: "CriticalAddonsOnly", operator: "Exists" }];
const affinity = {
  nodeAffinity: {
    preferredDuringSchedulingIgnoredDuringExecution: [
      { weight: 1, preference: { matchExpressions: [{ key: "role", operator: "In", values: ["infra"] }] } },
    ],
  },
};
const resources = { limits: { cpu: "1", memory: "1Gi" }, requests: { cpu: "200m", memory: "512Mi" } };
const scc = { apiGroups: ["security.openshift.io"], resources: ["securitycontextconstraints"], verbs: ["use"] };
const condition = { name: "no-nodes", expression: "!('system:nodes' in request.userInfo.groups)" };
const rule = {
  apiGroups: ["apps"],
  apiVersions: ["*"],
  operations: ["CREATE"],
  resources: ["deployments"],
  scope: "Namespaced",
};
const exempt = (values: readonly string[], key = "kubernetes.io/metadata.name"): JsonObject => ({
  key,
  operator: "NotIn",
  values: [...values],
});
const policy = {
  apiVersion: "templates.gatekeeper.sh/v1",
  kind: "ConstraintTemplate",
  metadata: { name: "k8sexample" },
};

/** What does what it does in Gatekeeper's chart. */
export const honoured: readonly Honoured[] = [
  honouredAt("replicas", 5, [deployment, "spec", "replicas"]),
  honouredAt("revisionHistoryLimit", 4, [deployment, "spec", "revisionHistoryLimit"]),
  honouredAt("image.repository", "example.com/mirror", container("image"), "example.com/mirror:v9"),
  honouredAt("image.release", "v9", container("image"), "example.com/mirror:v9"),
  honouredAt("image.pullPolicy", "Always", container("imagePullPolicy")),
  honouredAt("image.pullSecrets", [{ name: "registry" }], pod("imagePullSecrets")),

  { name: "disableValidatingWebhook", value: true, with: {}, at: [webhooks, "kind"], is: undefined },
  {
    name: "validatingWebhookName",
    value: "mine",
    with: {},
    at: ["ValidatingWebhookConfiguration mine", "metadata", "name"],
    is: "mine",
  },
  honouredAt("validatingWebhookFailurePolicy", "Fail", validation("failurePolicy")),
  honouredAt("validatingWebhookTimeoutSeconds", 10, validation("timeoutSeconds")),
  honouredAt("validatingWebhookAnnotations", { a: "b" }, [webhooks, "metadata", "annotations"]),
  listed(
    "validatingWebhookExemptNamespacesLabels",
    { team: ["infra"], "kubernetes.io/metadata.name": ["kube-system"] },
    validation("namespaceSelector", "matchExpressions"),
    exempt(["infra"], "team"),
  ),
  honouredAt(
    "validatingWebhookObjectSelector",
    { matchExpressions: [{ key: "skip", operator: "DoesNotExist" }] },
    validation("objectSelector"),
  ),
  listed("validatingWebhookMatchConditions", [condition], validation("matchConditions"), condition),
  honouredAt("validatingWebhookCheckIgnoreFailurePolicy", "Ignore", [webhooks, "webhooks", "1", "failurePolicy"]),
  { name: "validatingWebhookCustomRules", value: [rule], with: {}, at: validation("rules"), is: [rule] },
  honouredAt("validatingWebhookSubResources", ["pods/exec"], validation("rules", "0", "resources"), ["*", "pods/exec"]),
  honouredAt("validatingWebhookScope", "Namespaced", validation("rules", "0", "scope")),
  {
    name: "validatingWebhookURL",
    value: "example.com:8443",
    with: {},
    at: validation("clientConfig", "url"),
    is: "https://example.com:8443/v1/admit",
  },
  listed("enableDeleteOperations", true, validation("rules", "0", "operations"), "DELETE"),
  listed("enableConnectOperations", true, validation("rules", "0", "operations"), "CONNECT"),
  flagged(
    "additionalValidatingWebhookConfigsToRotateCerts",
    ["a", "b"],
    "--additional-validating-webhook-configs-to-rotate-certs=a,b",
  ),
  flagged(
    "additionalMutatingWebhookConfigsToRotateCerts",
    ["c"],
    "--additional-mutating-webhook-configs-to-rotate-certs=c",
  ),
  {
    name: "postInstall.labelNamespace.extraNamespaces",
    value: ["istio-system"],
    with: { validatingWebhookExemptNamespacesLabels: { "kubernetes.io/metadata.name": ["kube-system"] } },
    at: validation("namespaceSelector", "matchExpressions"),
    has: exempt(["gatekeeper-system", "kube-system", "istio-system"]),
  },
  {
    name: "postInstall.labelNamespace.enabled",
    value: false,
    with: { postInstall: { labelNamespace: { extraNamespaces: ["istio-system"] } } },
    at: validation("namespaceSelector", "matchExpressions"),
    has: exempt(["gatekeeper-system"]),
  },
  {
    name: "postUpgrade.labelNamespace.enabled",
    value: true,
    with: { postUpgrade: { labelNamespace: { extraNamespaces: ["istio-system"] } } },
    at: validation("namespaceSelector", "matchExpressions"),
    has: exempt(["gatekeeper-system", "istio-system"]),
  },
  {
    name: "postUpgrade.labelNamespace.extraNamespaces",
    value: ["istio-system"],
    with: { postUpgrade: { labelNamespace: { enabled: true } } },
    at: validation("namespaceSelector", "matchExpressions"),
    has: exempt(["gatekeeper-system", "istio-system"]),
  },

  flagged("logLevel", "DEBUG", "--log-level=DEBUG"),
  {
    name: "controllerManager.logLevel",
    value: "ERROR",
    with: { logLevel: "DEBUG" },
    at: container("args"),
    has: "--log-level=ERROR",
  },
  flagged("logLevelKey", "severity", "--log-level-key=severity"),
  flagged("logLevelEncoder", "capital", "--log-level-encoder=capital"),
  flagged("controllerManager.logFile", "/logs/server.log", "--log-file=/logs/server.log"),
  flagged("logDenies", true, "--log-denies=true"),
  flagged("emitAdmissionEvents", true, "--emit-admission-events"),
  flagged("admissionEventsInvolvedNamespace", true, "--admission-events-involved-namespace"),
  flagged("enableTLSHealthcheck", true, "--enable-tls-healthcheck"),
  flagged("disabledBuiltins", ["http.send"], "--disable-opa-builtin=http.send"),
  flagged("enableReferentialRules", false, "--enable-referential-rules=false"),
  flagged("disableEnforcementActionValidation", true, "--disable-enforcementaction-validation=true"),
  flagged("shutdownDelay", 20, "--shutdown-delay=20"),
  flagged("kubeconfig", "/kube/config", "--kubeconfig=/kube/config"),

  honouredAt("commonAnnotations", { team: "a" }, [deployment, "metadata", "annotations"]),
  honouredAt("commonLabels", { cost: "42" }, [deployment, "spec", "template", "metadata", "labels", "cost"], "42"),
  honouredAt("nameOverride", "opa", [service, "metadata", "labels", "app"]),
  honouredAt("podAnnotations", { scrape: "true" }, [deployment, "spec", "template", "metadata", "annotations"]),
  honouredAt("podLabels", { side: "false" }, [deployment, "spec", "template", "metadata", "labels", "side"], "false"),
  honouredAt(
    "controllerManager.podLabels",
    { team: "b" },
    [deployment, "spec", "template", "metadata", "labels", "team"],
    "b",
  ),
  listed("extraEnvs", [{ name: "HTTPS_PROXY", value: "http://proxy" }], container("env"), {
    name: "HTTPS_PROXY",
    value: "http://proxy",
  }),
  listed("controllerManager.extraEnvs", [{ name: "A", value: "b" }], container("env"), { name: "A", value: "b" }),
  listed("extraVolumes", [{ name: "logs", emptyDir: {} }], pod("volumes"), { name: "logs", emptyDir: {} }),
  listed("extraVolumeMounts", [{ name: "logs", mountPath: "/logs" }], container("volumeMounts"), {
    name: "logs",
    mountPath: "/logs",
  }),
  {
    name: "enableRuntimeDefaultSeccompProfile",
    value: false,
    at: container("securityContext", "seccompProfile"),
    is: undefined,
  },
  honouredAt("podCountLimit", "50", [quota, "spec", "hard", "pods"]),
  { name: "resourceQuota", value: false, with: {}, at: [quota, "kind"], is: undefined },
  honouredAt("secretAnnotations", { a: "b" }, ["Secret gatekeeper-webhook-server-cert", "metadata", "annotations"]),
  honouredAt("pdb.controllerManager.minAvailable", 2, [
    "PodDisruptionBudget gatekeeper-controller-manager",
    "spec",
    "minAvailable",
  ]),
  honouredAt("service.type", "LoadBalancer", [service, "spec", "type"]),
  honouredAt("service.loadBalancerIP", "192.0.2.1", [service, "spec", "loadBalancerIP"]),
  honouredAt("service.ipFamilyPolicy", "PreferDualStack", [service, "spec", "ipFamilyPolicy"]),
  honouredAt("service.ipFamilies", ["IPv4"], [service, "spec", "ipFamilies"]),
  listed("service.healthzPort", 9090, [service, "spec", "ports"], {
    name: "http-webhook-healthz",
    port: 9090,
    targetPort: "healthz",
  }),
  { name: "rbac.create", value: false, with: {}, at: ["ClusterRole gatekeeper-manager-role", "kind"], is: undefined },
  {
    name: "serviceAccount.gatekeeperAdmin.create",
    value: false,
    with: {},
    at: ["ServiceAccount gatekeeper-admin", "kind"],
    is: undefined,
  },
  {
    name: "externalCertInjection.enabled",
    value: true,
    with: {},
    at: container("args"),
    has: "--disable-cert-rotation",
  },
  {
    name: "externalCertInjection.secretName",
    value: "mine",
    with: { externalCertInjection: { enabled: true } },
    at: pod("volumes"),
    has: { name: "cert", secret: { secretName: "mine" } },
  },

  honouredAt("controllerManager.serviceAccount.name", "own", pod("serviceAccountName")),
  honouredAt(
    "controllerManager.serviceAccount.automountServiceAccountToken",
    false,
    pod("automountServiceAccountToken"),
  ),
  honouredAt("controllerManager.containerName", "gatekeeper", container("name")),
  flagged("controllerManager.exemptNamespaces", ["kube-system"], "--exempt-namespace=kube-system"),
  flagged("controllerManager.exemptNamespacePrefixes", ["kube-"], "--exempt-namespace-prefix=kube-"),
  flagged("controllerManager.exemptNamespaceSuffixes", ["-system"], "--exempt-namespace-suffix=-system"),
  honouredAt("controllerManager.hostNetwork", true, pod("hostNetwork")),
  honouredAt("controllerManager.dnsPolicy", "ClusterFirstWithHostNet", pod("dnsPolicy")),
  honouredAt("controllerManager.port", 8444, container("ports", "0", "containerPort")),
  honouredAt("controllerManager.metricsPort", 8889, container("ports", "1", "containerPort")),
  honouredAt("controllerManager.healthPort", 9091, container("livenessProbe", "httpGet", "port")),
  honouredAt("controllerManager.readinessTimeout", 5, container("readinessProbe", "timeoutSeconds")),
  honouredAt("controllerManager.livenessTimeout", 6, container("livenessProbe", "timeoutSeconds")),
  honouredAt("controllerManager.priorityClassName", "important", pod("priorityClassName")),
  flagged("controllerManager.disableCertRotation", true, "--disable-cert-rotation"),
  flagged("controllerManager.tlsMinVersion", 1.2, "--tls-min-version=1.2"),
  flagged("controllerManager.clientCAName", "client-ca.crt", "--client-ca-name=client-ca.crt"),
  flagged("controllerManager.clientCNName", "apiserver", "--client-cn-name=apiserver"),
  flagged("controllerManager.host", "0.0.0.0", "--host=0.0.0.0"),
  flagged("controllerManager.certDir", "/own-certs", "--cert-dir=/own-certs"),
  flagged("controllerManager.certServiceName", "own-service", "--cert-service-name=own-service"),
  {
    name: "controllerManager.strategyType",
    value: "Recreate",
    with: {},
    at: [deployment, "spec", "strategy"],
    is: { type: "Recreate" },
  },
  honouredAt("controllerManager.strategyRollingUpdate", { maxSurge: 0, maxUnavailable: 1 }, [
    deployment,
    "spec",
    "strategy",
    "rollingUpdate",
  ]),
  honouredAt("controllerManager.affinity", affinity, pod("affinity")),
  honouredAt("controllerManager.topologySpreadConstraints", [spread], pod("topologySpreadConstraints")),
  honouredAt("controllerManager.tolerations", tolerations, pod("tolerations")),
  honouredAt("controllerManager.nodeSelector", { role: "infra" }, pod("nodeSelector", "role"), "infra"),
  honouredAt("controllerManager.resources", resources, container("resources")),
  honouredAt("controllerManager.securityContext", { runAsUser: 2000 }, container("securityContext", "runAsUser"), 2000),
  honouredAt("controllerManager.podSecurityContext", { fsGroup: 2000 }, pod("securityContext", "fsGroup"), 2000),
  listed("controllerManager.extraRules", [scc], ["Role gatekeeper-manager-role", "rules"], scc),
  honouredAt(
    "controllerManager.networkPolicy.enabled",
    true,
    ["NetworkPolicy gatekeeper-controller-manager", "kind"],
    "NetworkPolicy",
  ),
  listed(
    "controllerManager.networkPolicy.ingress",
    [{ from: [{ ipBlock: { cidr: "192.0.2.0/24" } }] }],
    ["NetworkPolicy gatekeeper-controller-manager", "spec", "ingress"],
    { from: [{ ipBlock: { cidr: "192.0.2.0/24" } }] },
  ),
  {
    name: "controllerManager.disableWebhookOperation",
    value: true,
    with: {},
    at: container("args"),
    lacks: "--operation=webhook",
  },
];

/** The same for values that are this chart's own. */
export const own: readonly Honoured[] = [
  {
    name: "namePrefix",
    value: "portcullis",
    with: {},
    at: ["Service portcullis-webhook-service", "spec", "selector", "control-plane"],
    is: "portcullis-controller-manager",
  },
  { name: "profile", value: "strict", with: {}, at: container("args"), has: "--narrow-webhook-rules" },
  {
    name: "systemNamespaces",
    value: ["kube-system"],
    with: { profile: "strict" },
    at: validation("namespaceSelector", "matchExpressions"),
    has: exempt(["kube-system", "gatekeeper-system"]),
  },
  flagged("denialForm", "current", "--denial-form=current"),
  flagged("controllerManager.extraArgs", ["--v=1"], "--v=1"),
  {
    name: "rbac.inventory",
    value: false,
    at: ["ClusterRole gatekeeper-manager-role", "rules"],
    lacks: { apiGroups: ["*"], resources: ["*"], verbs: ["list", "watch"] },
  },
  honouredAt("policies.objects", [policy], [applier, "kind"], "Job"),
  listed("policies.timeout", "9m", [applier, "spec", "template", "spec", "containers", "0", "args"], "--timeout=9m"),
  listed(
    "policies.validate",
    "warn",
    [applier, "spec", "template", "spec", "containers", "0", "args"],
    "--validate=warn",
  ),
  honouredAt("policies.backoffLimit", 7, [applier, "spec", "backoffLimit"]),
  listed("policies.extraRules", [scc], ["ClusterRole gatekeeper-apply-policies", "rules"], scc),
  honouredAt("policies.resources", resources, [applier, "spec", "template", "spec", "containers", "0", "resources"]),
];

const job = (name: string): readonly Told[] => [
  { name: `${name}.image.repository`, value: "example.com/kubectl" },
  { name: `${name}.image.tag`, value: "v9" },
  { name: `${name}.image.pullPolicy`, value: "Always" },
  { name: `${name}.image.pullSecrets`, value: [{ name: "registry" }] },
  { name: `${name}.priorityClassName`, value: "important" },
];
const account = (name: string): readonly Told[] => [
  { name: `${name}.serviceAccount.create`, value: false },
  { name: `${name}.serviceAccount.name`, value: "own" },
];
const placed = (name: string): readonly Told[] => [
  { name: `${name}.affinity`, value: affinity },
  { name: `${name}.tolerations`, value: tolerations },
  { name: `${name}.nodeSelector`, value: { role: "infra" } },
  { name: `${name}.resources`, value: resources },
  { name: `${name}.securityContext`, value: { runAsUser: 2000 } },
];

/** What has no effect; whoever gives it is told. */
export const told: readonly Told[] = [
  { name: "auditInterval", value: 300 },
  { name: "auditMatchKindOnly", value: true },
  { name: "constraintViolationsLimit", value: 500 },
  { name: "auditFromCache", value: true },
  { name: "auditChunkSize", value: 0 },
  { name: "disableAudit", value: false },
  { name: "auditEventsInvolvedNamespace", value: true },
  { name: "emitAuditEvents", value: true },
  { name: "logStatsAudit", value: true },
  { name: "auditPodAnnotations", value: { a: "b" } },
  ...placed("audit"),
  { name: "audit.podLabels", value: { a: "b" } },
  { name: "audit.podSecurityContext", value: { fsGroup: 1 } },
  { name: "audit.topologySpreadConstraints", value: [spread] },
  { name: "audit.priorityClassName", value: "important" },
  { name: "audit.serviceAccount.name", value: "own" },
  { name: "audit.serviceAccount.automountServiceAccountToken", value: false },
  { name: "audit.containerName", value: "audit" },
  { name: "audit.hostNetwork", value: true },
  { name: "audit.dnsPolicy", value: "Default" },
  { name: "audit.metricsPort", value: 8889 },
  { name: "audit.healthPort", value: 9091 },
  { name: "audit.readinessTimeout", value: 5 },
  { name: "audit.livenessTimeout", value: 5 },
  { name: "audit.logLevel", value: "DEBUG" },
  { name: "audit.logFile", value: "/logs/audit.log" },
  { name: "audit.disableCertRotation", value: true },
  { name: "audit.writeToRAMDisk", value: true },
  { name: "audit.extraRules", value: [scc] },
  { name: "audit.extraEnvs", value: [{ name: "A", value: "b" }] },
  { name: "audit.apiCacheDir", value: "/cache" },
  { name: "audit.disableAuditOperation", value: false },
  { name: "audit.disableStatusOperation", value: false },
  { name: "audit.disableAuditSidecar", value: false },
  { name: "audit.disableGenerateOperation", value: false },
  { name: "audit.connection", value: "own" },
  { name: "audit.channel", value: "own" },
  { name: "audit.exportConnection.path", value: "/tmp/own" },
  { name: "audit.exportConnection.maxAuditResults", value: 9 },
  { name: "audit.exportVolumeMount.path", value: "/tmp/own" },
  { name: "audit.exportVolume", value: { name: "own", emptyDir: {} } },
  { name: "audit.exportSidecar", value: { name: "own" } },
  { name: "exportBackend", value: "disk" },

  { name: "disableMutation", value: false },
  { name: "mutatingWebhookName", value: "own" },
  { name: "mutatingWebhookFailurePolicy", value: "Fail" },
  { name: "mutatingWebhookReinvocationPolicy", value: "IfNeeded" },
  { name: "mutatingWebhookAnnotations", value: { a: "b" } },
  { name: "mutatingWebhookExemptNamespacesLabels", value: { team: ["infra"] } },
  { name: "mutatingWebhookObjectSelector", value: { matchLabels: { a: "b" } } },
  { name: "mutatingWebhookMatchConditions", value: [condition] },
  { name: "mutatingWebhookTimeoutSeconds", value: 5 },
  { name: "mutatingWebhookCustomRules", value: [rule] },
  { name: "mutatingWebhookSubResources", value: ["pods/exec"] },
  { name: "mutatingWebhookURL", value: "example.com" },
  { name: "mutatingWebhookScope", value: "Namespaced" },
  { name: "mutationAnnotations", value: true },
  { name: "logMutations", value: true },

  { name: "enableExternalData", value: true },
  { name: "externaldataProviderResponseCacheTTL", value: "0s" },
  { name: "enableGeneratorResourceExpansion", value: true },
  { name: "enableK8sNativeValidation", value: true },
  { name: "defaultK8sNativeValidationFailurePolicy", value: "Ignore" },
  { name: "controllerManager.disableGenerateOperation", value: false },
  { name: "defaultCreateVAPForTemplates", value: true },
  { name: "defaultCreateVAPBindingForConstraints", value: true },
  { name: "defaultWaitForVAPBGeneration", value: 5 },
  { name: "syncVAPEnforcementScope", value: true },

  { name: "logStatsAdmission", value: true },
  { name: "otlpEndpoint", value: "example.com:4318" },
  { name: "otlpMetricInterval", value: "30s" },
  { name: "stackdriverOnlyWhenAvailable", value: true },
  { name: "stackdriverMetricInterval", value: "30s" },
  { name: "metricsAddr", value: ":8080" },
  { name: "maxServingThreads", value: 4 },
  { name: "readinessRetries", value: 3 },
  { name: "enablePprof", value: true },
  { name: "pprofPort", value: 6061 },
  { name: "fullnameOverride", value: "own" },
  { name: "nodeSelector", value: { role: "infra" } },
  { name: "resources", value: resources },

  { name: "image.crdRepository", value: "example.com/crds" },
  { name: "preInstall.crdRepository.image.repository", value: "example.com/crds" },
  { name: "preInstall.crdRepository.image.tag", value: "v9" },
  { name: "upgradeCRDs.enabled", value: true },
  { name: "upgradeCRDs.extraRules", value: [scc] },
  { name: "upgradeCRDs.priorityClassName", value: "important" },
  ...account("upgradeCRDs"),
  ...placed("crds"),

  ...job("postInstall.labelNamespace"),
  ...account("postInstall.labelNamespace"),
  { name: "postInstall.labelNamespace.podSecurity", value: ["pod-security.kubernetes.io/enforce=baseline"] },
  { name: "postInstall.labelNamespace.extraAnnotations", value: { a: "b" } },
  { name: "postInstall.labelNamespace.extraRules", value: [scc] },
  ...job("postInstall.probeWebhook"),
  { name: "postInstall.probeWebhook.enabled", value: true },
  { name: "postInstall.probeWebhook.waitTimeout", value: 120 },
  { name: "postInstall.probeWebhook.httpTimeout", value: 5 },
  { name: "postInstall.probeWebhook.insecureHTTPS", value: true },
  ...placed("postInstall"),
  ...job("postUpgrade.labelNamespace"),
  ...account("postUpgrade.labelNamespace"),
  { name: "postUpgrade.labelNamespace.podSecurity", value: ["pod-security.kubernetes.io/enforce=baseline"] },
  { name: "postUpgrade.labelNamespace.extraAnnotations", value: { a: "b" } },
  ...placed("postUpgrade"),
  ...job("preUninstall.deleteWebhookConfigurations"),
  ...account("preUninstall.deleteWebhookConfigurations"),
  { name: "preUninstall.deleteWebhookConfigurations.enabled", value: true },
  { name: "preUninstall.deleteWebhookConfigurations.name", value: "own" },
  { name: "preUninstall.deleteWebhookConfigurations.extraRules", value: [scc] },
  ...placed("preUninstall"),

  // Of older charts, and of none.
  { name: "psp.enabled", value: true },
  { name: "validatingWebhookTimeout", value: 5 },
  { name: "controllerManager.replicas", value: 5 },
];

/** What ends the rendering. */
export const refused: readonly Refused[] = [
  {
    name: "image.repository",
    value: "openpolicyagent/gatekeeper",
    says: /is Gatekeeper's image; leave image.repository/,
  },
  { name: "image.repository", value: "registry.example.com:5000/opa/gatekeeper", says: /is Gatekeeper's image/ },
  { name: "image.repository", value: "", says: /is empty; leave it away/ },
  { name: "namePrefix", value: "", says: /cannot begin a name/ },
  { name: "image.release", value: "v3.23.1", says: /is a release of Gatekeeper; leave it away/ },
  { name: "controllerManager.tlsMinVersion", value: "1.1", says: /1\.1 cannot be kept: .*TLS 1.2 or 1.3 alone/ },
  { name: "controllerManager.clientCertName", value: "tls.crt", says: /has no such flag; .*clientCAName/ },
  { name: "metricsBackends", value: ["prometheus", "opentelemetry"], says: /metrics are served for Prometheus alone/ },
  { name: "enableViolationExport", value: true, says: /exporting violations comes with a later version/ },
  { name: "enableAdmissionViolationExport", value: true, says: /exporting violations comes with a later version/ },
  {
    name: "validatingWebhookFailurePolicy",
    value: "Ignore",
    with: { profile: "strict" },
    says: /takes away what profile=strict is for/,
  },
  {
    name: "validatingWebhookScope",
    value: "Cluster",
    with: { profile: "strict" },
    says: /profile=strict fails closed for objects in namespaces/,
  },
  {
    name: "validatingWebhookCustomRules",
    value: [{ apiGroups: ["*"], apiVersions: ["*"], operations: ["*"], resources: ["*"], scope: "Cluster" }],
    with: { profile: "strict" },
    says: /a rule with scope=Cluster, which cannot be kept/,
  },
  { name: "enableRemoteCluster", value: true, says: /a remote cluster comes with a later version/ },
];
