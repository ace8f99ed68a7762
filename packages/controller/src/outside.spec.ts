/** Policies that ask for something outside of the cluster: answered within the request's time, or refused. */
import type { AdmissionRequest } from "@portcullis/policy";
import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "@portcullis/kube";
import type { JsonObject } from "@portcullis/objects";
import type { Host, HttpFact } from "@portcullis/rego/host";
import { FakeHost } from "@portcullis/rego/testing";
import { fakeRequest } from "@portcullis/policy/testing";
import { enginePolicies } from "./engine-policies.ts";
import type { Policies } from "./policies.ts";

const rego = `package asks

violation[{"msg": msg}] {
  name := input.review.object.metadata.name
  listed := http.send({"method": "get", "url": "http://registry.test/list"})
  said := http.send({"method": "get", "url": sprintf("%v/%v", [listed.body.next, name]), "headers": {"authorization": "secret"}})
  said.status_code != 200
  msg := sprintf("%v: %v", [name, said.status])
}
`;

const template: JsonObject = {
  apiVersion: "templates.gatekeeper.sh/v1",
  kind: "ConstraintTemplate",
  metadata: { name: "asks" },
  spec: {
    crd: { spec: { names: { kind: "Asks" } } },
    targets: [{ target: "admission.k8s.gatekeeper.sh", rego }],
  },
};

const constraint: JsonObject = {
  apiVersion: "constraints.gatekeeper.sh/v1beta1",
  kind: "Asks",
  metadata: { name: "asks" },
  spec: { match: { kinds: [{ apiGroups: [""], kinds: ["Pod"] }] } },
};

const request = (name: string, kind = "Pod"): AdmissionRequest =>
  fakeRequest({
    operation: "CREATE",
    kind: { group: "", version: "v1", kind },
    name,
    namespace: "team",
    userInfo: { username: "me" },
    object: { apiVersion: "v1", kind, metadata: { name, namespace: "team" } },
  });

async function policiesWith(host: Host): Promise<Policies> {
  const policies = enginePolicies({ denialForm: "classic", clock: systemClock, host });
  assert.equal(await policies.addTemplate(template), undefined);
  assert.equal(policies.addConstraint(constraint), undefined);
  return policies;
}

const response = (status: string, body: string): HttpFact => ({
  kind: "response",
  status,
  statusCode: Number.parseInt(status, 10),
  headers: new Map([["content-type", ["application/json"]]]),
  body: new TextEncoder().encode(body),
});

const registry = (): FakeHost =>
  new FakeHost({
    send: ({ url }) => {
      if (url === "http://registry.test/list") return response("200 OK", '{"next": "http://registry.test/names"}');
      return url.endsWith("/known") ? response("200 OK", "{}") : response("404 Not Found", "{}");
    },
  });

test("what policies ask for is fetched, answer upon answer", async () => {
  const host = registry();
  const policies = await policiesWith(host);
  const allowed = await policies.review(request("known"), undefined);
  assert.equal(allowed.verdict.allowed, true);
  const denied = await policies.review(request("other"), undefined);
  assert.equal(denied.verdict.allowed, false);
  assert.match(denied.verdict.message ?? "", /other: 404 Not Found/);
  assert.deepEqual(
    host.requests.map(({ request: { url } }) => url),
    [
      "http://registry.test/list",
      "http://registry.test/names/known",
      "http://registry.test/list",
      "http://registry.test/names/other",
    ],
  );
});

test("a review that asks for nothing is answered at once", async () => {
  const policies = await policiesWith(registry());
  assert.ok(!(policies.review(request("known", "Service"), undefined) instanceof Promise));
});

test("what is not answered in time refuses the request, and tells no secret", async () => {
  let heard = false;
  const silent: Host = {
    lookup: () => Promise.resolve({ kind: "failed", error: "no" }),
    send: (asked, _, signal) => {
      if (asked.url.endsWith("/list"))
        return Promise.resolve(response("200 OK", '{"next": "http://me:word@registry.test"}'));
      return new Promise((resolve) => {
        signal?.addEventListener("abort", () => {
          heard = true;
          resolve({ kind: "unreachable", error: "context canceled", timedOut: false });
        });
      });
    },
  };
  const policies = await policiesWith(silent);
  // The signal's own timer does not hold the process.
  const hold = setTimeout(() => undefined, 5_000);
  const { verdict } = await policies.review(request("slow"), undefined, systemClock.now() + 40);
  clearTimeout(hold);
  assert.ok(heard);
  assert.equal(verdict.allowed, false);
  assert.equal(verdict.code, 500);
  assert.equal(
    verdict.message,
    "error reviewing resource slow: no answer came in time to http.send: GET http://me:***@registry.test/slow",
  );
});
