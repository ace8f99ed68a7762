/** Reviews that break what reads JSON as objects of JavaScript, with what must be said of each. */
import type { JsonObject } from "@portcullis/objects";

/** One of them. */
export interface HostileReview {
  readonly name: string;
  /** The body as it is sent: it need not be what a serializer would write. */
  readonly body: string;
  /** Facts, seen of the real Gatekeeper: `refused` is an answer with an error, which lets nothing through. */
  readonly verdict: "admitted" | "denied" | "refused";
  /** Whether a refusal is held to Gatekeeper's words too. */
  readonly words?: true;
  /** Why our answer is not the same to the letter; to be struck off when it is. */
  readonly known?: string;
}

const rego = `package hostile

tells(what) { input.parameters.tell == what }

violation[{"msg": msg}] {
  tells("required")
  key := input.parameters.keys[_]
  not input.review.object.metadata.labels[key]
  msg := sprintf("lacks %v", [key])
}

violation[{"msg": msg}] { tells("data"); msg := sprintf("data %v", [input.review.object.data]) }

violation[{"msg": msg}] { tells("user"); msg := sprintf("user %v", [input.review.userInfo]) }

violation[{"msg": msg}] {
  tells("namespace")
  labels := input.review.namespaceObject.metadata.labels
  key := input.parameters.keys[_]
  not labels[key]
  msg := sprintf("namespace lacks %v", [key])
}

violation[{"msg": msg}] { tells("parameters"); msg := sprintf("parameters %v", [input.parameters]) }

violation[{"msg": msg}] {
  tells("walk")
  count({path | walk(input.review.object.data, [path, _])}) > 3
  msg := "walked"
}

violation[{"msg": msg}] {
  tells("regex")
  regex.match(input.parameters.pattern, input.review.object.data.text)
  msg := "matched"
}

violation[{"msg": msg}] { tells("print"); msg := sprintf(input.parameters.format, [input.review.object.data.text]) }
`;

/** The policy that they are reviewed under. */
export const hostileTemplate: JsonObject = {
  apiVersion: "templates.gatekeeper.sh/v1",
  kind: "ConstraintTemplate",
  metadata: { name: "hostile" },
  spec: {
    crd: {
      spec: {
        names: { kind: "Hostile" },
        validation: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
      },
    },
    targets: [{ target: "admission.k8s.gatekeeper.sh", rego }],
  },
};

/** Keys that may be labels. */
const legal = ["constructor", "toString", "valueOf", "hasOwnProperty", "length", "0"];
const injection = 'x"]+(globalThis.BROKEN=1)+i["y`${globalThis.BROKEN=1}\u2028*/';

function constraint(name: string, tell: string, parameters: string = "{}", match: JsonObject = {}): string {
  const more = parameters === "{}" ? "" : `, ${parameters.slice(1, -1)}`;
  const whole = {
    kinds: [{ apiGroups: [""], kinds: ["ConfigMap"] }],
    labelSelector: { matchLabels: { probe: tell } },
    ...match,
  };
  return `{"apiVersion": "constraints.gatekeeper.sh/v1beta1", "kind": "Hostile", "metadata": {"name": "${name}"},
    "spec": {"match": ${JSON.stringify(whole)}, "parameters": {"tell": "${tell}"${more}}}}`;
}

const nasty = `{"nasty": {"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}, "10": 1, "9": 2, "toString": 3,
  "big": 9007199254740993, "quotes": ${JSON.stringify(injection)}}}`;

/** As text, for keys that a serializer of ours must not come to touch before the server does. */
export const hostileConstraints: readonly string[] = [
  constraint("required", "required", JSON.stringify({ keys: legal })),
  constraint("data", "data"),
  constraint("user", "user"),
  constraint("namespace", "namespace", JSON.stringify({ keys: legal })),
  constraint("parameters", "parameters", nasty),
  constraint("walk", "walk"),
  constraint("regex", "regex", JSON.stringify({ pattern: "^(a+)+$" })),
  constraint("print", "print", JSON.stringify({ format: "%1000000000d|%[3]v|%!|%999999v" })),
  constraint("selected", "data", "{}", {
    namespaceSelector: { matchExpressions: [{ key: "toString", operator: "Exists" }] },
    labelSelector: {
      matchExpressions: [
        { key: "hasOwnProperty", operator: "DoesNotExist" },
        { key: "probe", operator: "In", values: ["selector"] },
      ],
    },
  }),
  constraint("unselected", "data", "{}", {
    namespaceSelector: { matchExpressions: [{ key: "constructor", operator: "DoesNotExist" }] },
    labelSelector: { matchLabels: { probe: "selector" } },
  }),
];

/** The namespaces: one has labels that JavaScript's objects seem to have, the other has none of them. */
export const hostileNamespaces: readonly JsonObject[] = [
  {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "labelled", labels: Object.fromEntries(legal.map((key) => [key, "yes"])) },
  },
  { apiVersion: "v1", kind: "Namespace", metadata: { name: "plain" } },
];

interface Parts {
  readonly data?: string;
  readonly labels?: string;
  readonly namespace?: string;
  readonly user?: string;
  readonly more?: string;
}

function review(
  probe: string,
  { data = "{}", labels = "", namespace = "plain", user = '{"username": "alice"}', more = "" }: Parts = {},
): string {
  return `{"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {"uid": "u", "operation": "CREATE",
    "kind": {"group": "", "version": "v1", "kind": "ConfigMap"}, "resource": {"group": "", "version": "v1", "resource": "configmaps"},
    "name": "it", "namespace": "${namespace}", "userInfo": ${user}, "oldObject": null, "dryRun": false${more},
    "object": {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "it", "namespace": "${namespace}",
      "labels": {"probe": "${probe}"${labels}}}, "data": ${data}}}}`;
}

const nested = (depth: number): string => `{"deep": ${"[".repeat(depth)}${"]".repeat(depth)}}`;
const all = legal.map((key) => `, "${key}": "yes"`).join("");

/** In no order. */
export const hostileReviews: readonly HostileReview[] = [
  { name: "no label that an object only seems to have", body: review("required"), verdict: "denied" },
  { name: "all labels that an object seems to have", body: review("required", { labels: all }), verdict: "admitted" },
  {
    name: "a label __proto__ is none",
    body: review("required", { labels: `${all}, "__proto__": "x"` }),
    verdict: "admitted",
  },
  {
    name: "keys of JavaScript in data",
    body: review("data", {
      data: '{"__proto__": "a", "constructor": "b", "toString": "c", "": "d", "-0": "e", "hasOwnProperty": {"call": 1}}',
    }),
    verdict: "denied",
  },
  {
    name: "__proto__ as an object",
    body: review("data", { data: '{"__proto__": {"polluted": true, "toString": null}}' }),
    verdict: "denied",
  },
  {
    name: "numbers",
    body: review("data", { data: "[9007199254740993, 1.0, -0, -0.0, 1e2, 0.1, 123456789012345678901234567890]" }),
    verdict: "denied",
  },
  {
    name: "numbers that Go prints otherwise",
    body: review("data", { data: "[999999, 1000000, 1000660000, 0.0001, 0.00001, 12345678.5, 1e-400, 1e300, 5e-324]" }),
    verdict: "denied",
  },
  { name: "a number beyond all", body: review("data", { data: '[1, {"n": 1e400}]' }), verdict: "refused", words: true },
  {
    name: "a number beyond all, and nobody looks",
    body: review("nobody", { data: "-1e999" }),
    verdict: "refused",
    words: true,
  },
  {
    name: "a number beyond all in the options",
    body: review("data", { more: ', "options": {"n": 1e400}' }),
    verdict: "refused",
    words: true,
  },
  { name: "a label that is a number", body: review("data", { labels: ', "n": 1' }), verdict: "admitted" },
  { name: "a label that is null", body: review("data", { labels: ', "n": null' }), verdict: "denied" },
  { name: "a name that is a number", body: review("data", { more: ', "name": 1' }), verdict: "refused", words: true },
  {
    name: "groups that are none",
    body: review("user", { user: '{"groups": "admins"}' }),
    verdict: "refused",
    words: true,
  },
  {
    name: "userInfo of empty and strange things",
    body: review("user", { user: '{"username": "a", "uid": "", "groups": ["g", null], "extra": {}, "more": 1}' }),
    verdict: "denied",
  },
  {
    name: "a namespace that leads elsewhere",
    body: review("data", { namespace: ".." }),
    verdict: "refused",
    words: true,
  },
  { name: "a namespace that leads below", body: review("data", { namespace: "a/b" }), verdict: "refused", words: true },
  {
    name: "a version with too many parts",
    body: review("data").replace(
      '"apiVersion": "v1", "kind": "ConfigMap"',
      '"apiVersion": "a/b/c", "kind": "ConfigMap"',
    ),
    verdict: "refused",
    words: true,
  },
  { name: "a deletion of nothing", body: review("data").replace("CREATE", "DELETE"), verdict: "refused", words: true },
  {
    name: "a key twice",
    body: review("data", { data: '{"a": 1, "a": 2, "__proto__": 1, "__proto__": 2}' }),
    verdict: "denied",
  },
  {
    name: "keys that are integers",
    body: review("data", { data: '{"10": 1, "9": 2, "a": 3, "-1": 4, "01": 5}' }),
    verdict: "denied",
  },
  {
    name: "code in keys and values",
    body: review("data", { data: JSON.stringify({ [injection]: injection }) }),
    verdict: "denied",
  },
  {
    name: "characters",
    body: review("data", {
      data: '{"nul": "a\\u0000b", "cr": "a\\r\\nb", "bom": "\\ufeffa", "sep": "\\u2028\\u2029", "nfc": "e\\u0301\\u00e9", "astral": "\\ud83d\\ude00"}',
    }),
    verdict: "denied",
  },
  {
    name: "half of a character",
    body: review("data", { data: '{"lone": "\\ud800", "other": "\\udc80x", "a\\ud800": 1, "a\\udfff": 2}' }),
    verdict: "denied",
  },
  {
    name: "userInfo with keys of JavaScript",
    body: review("user", {
      user: '{"username": "__proto__", "uid": "constructor", "groups": ["toString"], "extra": {"constructor": ["a"], "hasOwnProperty": ["b"]}}',
    }),
    verdict: "denied",
  },
  {
    name: "userInfo whose extra is __proto__",
    body: review("user", { user: '{"username": "u", "extra": {"__proto__": ["admin"]}}' }),
    verdict: "denied",
  },
  { name: "a namespace without the labels", body: review("namespace"), verdict: "denied" },
  { name: "a namespace with the labels", body: review("namespace", { namespace: "labelled" }), verdict: "admitted" },
  { name: "selectors where the labels are", body: review("selector", { namespace: "labelled" }), verdict: "denied" },
  { name: "selectors where they are not", body: review("selector"), verdict: "denied" },
  { name: "parameters", body: review("parameters"), verdict: "denied" },
  {
    name: "a regular expression that explodes",
    body: review("regex", { data: `{"text": "${"a".repeat(40)}!"}` }),
    verdict: "admitted",
  },
  {
    name: "the same of a long text",
    body: review("regex", { data: `{"text": "${"a".repeat(100_000)}"}` }),
    verdict: "denied",
  },
  {
    name: "widths beyond all",
    body: review("print", { data: '{"text": 7}' }),
    verdict: "denied",
    known: "what is too much is shown with the type int64 by the later OPA, with int by Gatekeeper's",
  },
  { name: "a thousand deep", body: review("walk", { data: nested(1000) }), verdict: "denied" },
  { name: "five thousand deep", body: review("nobody", { data: nested(5000) }), verdict: "admitted" },
  { name: "a hundred thousand deep", body: review("walk", { data: nested(100_000) }), verdict: "refused" },
  {
    name: "a hundred thousand deep, and nobody looks",
    body: review("nobody", { data: nested(100_000) }),
    verdict: "refused",
  },
  {
    name: "half a million characters",
    body: review("data", { data: `{"image": "${"x".repeat(500_000)}"}` }),
    verdict: "denied",
  },
  {
    name: "twenty thousand entries",
    body: review("walk", { data: `[${Array.from({ length: 20_000 }, (_, at) => `{"n": ${at}}`).join(",")}]` }),
    verdict: "denied",
  },
  {
    name: "an object that is a list",
    body: review("data").replace(/"object": \{[\s\S]*$/, '"object": []}}'),
    verdict: "refused",
  },
  {
    name: "a request that is a list",
    body: '{"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": []}',
    verdict: "refused",
  },
  { name: "no request", body: '{"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview"}', verdict: "denied" },
  {
    name: "a review that is none",
    body: '{"__proto__": {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview"}}',
    verdict: "denied",
  },
  { name: "text behind the review", body: `${review("required")} {}`, verdict: "refused" },
  { name: "a byte order mark", body: `\ufeff${review("required")}`, verdict: "denied" },
  { name: "half of a review", body: review("required").slice(0, -2), verdict: "refused" },
];
