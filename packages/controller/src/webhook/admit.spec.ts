import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@portcullis/objects";
import { admit, type AdmitOptions } from "./admit.ts";
import type { Verdict, AdmissionRequest } from "@portcullis/policy";
import type { Reviewed } from "../policies.ts";
import { readReview } from "./admission-review.ts";
import { silentAdmissionObserver, type AdmissionObserver } from "./observer.ts";

function request(fields: JsonObject): AdmissionRequest {
  const reading = readReview(
    JSON.stringify({ apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", request: { uid: "u", ...fields } }),
  );
  assert.ok(reading.ok);
  return reading.request;
}

const pod: JsonObject = {
  operation: "CREATE",
  kind: { group: "", version: "v1", kind: "Pod" },
  name: "p",
  namespace: "team",
  userInfo: { username: "me" },
  object: { apiVersion: "v1", kind: "Pod", metadata: { name: "p" } },
};

const later = Number.POSITIVE_INFINITY;
const reviewed = (verdict: Verdict): Reviewed => ({ verdict, decisions: [] });

/** Options that write down what was asked. */
function options(more: Partial<AdmitOptions> = {}): { readonly asked: string[]; readonly options: AdmitOptions } {
  const asked: string[] = [];
  return {
    asked,
    options: {
      ownUsers: new Set(["gatekeeper-admin", "mine"].map((name) => `system:serviceaccount:gatekeeper-system:${name}`)),
      isReady: () => true,
      isExcluded: () => false,
      knownNamespace: () => undefined,
      widen: () => Promise.resolve(),
      observer: silentAdmissionObserver,
      seconds: () => 0,
      waitForTemplate: (kind) => {
        asked.push(`wait ${kind}`);
        return Promise.resolve();
      },
      checkOwnResource: () => {
        asked.push("check");
        return Promise.resolve(undefined);
      },
      warningsOf: () => [],
      findNamespace: (name) => {
        asked.push(`namespace ${name}`);
        return Promise.resolve({ metadata: { name } });
      },
      review: () => {
        asked.push("review");
        return reviewed({ allowed: true, code: 200, warnings: [] });
      },
      takeEffect: () => {
        asked.push("effect");
        return Promise.resolve();
      },
      ...more,
    },
  };
}

const constraint: JsonObject = {
  ...pod,
  kind: { group: "constraints.gatekeeper.sh", version: "v1beta1", kind: "K" },
  namespace: "",
};

test("checks, review and effect of one of Gatekeeper's own objects come in this order", async () => {
  const { asked, options: all } = options();
  assert.equal((await admit(request(constraint), later, all)).allowed, true);
  assert.deepEqual(asked, ["wait K", "check", "review", "effect"]);
});

test("what the author of an own object should know comes as a warning, and only where the object is admitted", async () => {
  const warned = options({ warningsOf: () => ['unknown field "spec.a"'] });
  assert.deepEqual(await admit(request(constraint), later, warned.options), {
    allowed: true,
    code: 200,
    warnings: ['unknown field "spec.a"'],
  });
  const refused = options({
    warningsOf: () => ['unknown field "spec.a"'],
    review: () => reviewed({ allowed: false, code: 403, message: "no", warnings: [] }),
  });
  assert.deepEqual((await admit(request(constraint), later, refused.options)).warnings, []);
});

test("any other object is reviewed in its namespace, which is asked for where it is not known", async () => {
  const { asked, options: all } = options();
  assert.equal((await admit(request(pod), later, all)).allowed, true);
  assert.deepEqual(asked, ["namespace team", "review"]);
  // Where nothing has to be waited for, nothing is.
  const known = options({ knownNamespace: (name) => ({ metadata: { name } }) });
  assert.ok(!(admit(request(pod), later, known.options) instanceof Promise));
  assert.deepEqual(known.asked, ["review"]);
});

test("what the Config leaves alone is not reviewed, a Namespace by its own name", async () => {
  for (const [fields, name] of [
    [pod, "team"],
    [{ ...pod, kind: { group: "", version: "v1", kind: "Namespace" }, namespace: "p" }, "p"],
    [{ ...pod, namespace: "" }, ""],
  ] as const) {
    const { asked, options: all } = options({ isExcluded: (namespace) => namespace === name });
    const { allowed, message } = await admit(request(fields), later, all);
    assert.deepEqual([allowed, message], [true, "Namespace is set to be ignored by Gatekeeper config"]);
    assert.deepEqual(asked, []);
  }
});

test("answers are observed, but for those about bad objects of Gatekeeper's own", async () => {
  const seen: string[] = [];
  const observer: AdmissionObserver = {
    answered: (status, isDryRun) => seen.push(`${status} ${isDryRun}`),
    violated: (_request, decisions) => seen.push(`violated ${decisions.length}`),
  };
  const verdict: Verdict = { allowed: false, code: 403, warnings: [] };
  // as: what is observed is passed on unread
  const decisions = [{}] as unknown as Reviewed["decisions"];
  await admit(request(pod), later, options({ observer }).options);
  await admit(
    request({ ...pod, dryRun: true }),
    later,
    options({ observer, review: () => ({ verdict, decisions }) }).options,
  );
  await admit(request(pod), later, options({ observer, findNamespace: () => Promise.resolve(undefined) }).options);
  const wrong = { observer, checkOwnResource: () => Promise.resolve({ code: 422, message: "wrong", statusCode: "" }) };
  await admit(request(constraint), later, options(wrong).options);
  assert.deepEqual(seen, ["allow false", "violated 1", "deny true", "error false"]);
});

for (const account of ["gatekeeper-admin", "mine"]) {
  test(`the server's own account, ${account}, is let through before anything is looked at`, async () => {
    const { asked, options: all } = options({ isReady: () => false });
    const own = request({ ...pod, userInfo: { username: `system:serviceaccount:gatekeeper-system:${account}` } });
    assert.deepEqual(await admit(own, later, all), {
      allowed: true,
      code: 200,
      message: "Gatekeeper does not self-manage",
      warnings: [],
    });
    assert.deepEqual(asked, []);
  });
}

test("nothing is let through before the policies are in force, but for the kinds of constraints", async () => {
  const { asked, options: all } = options({ isReady: () => false });
  const refused = await admit(request(pod), later, all);
  assert.equal(refused.allowed, false);
  assert.equal(refused.code, 500);
  const crd = (name: string): AdmissionRequest =>
    request({ ...pod, kind: { group: "apiextensions.k8s.io", version: "v1", kind: "CustomResourceDefinition" }, name });
  assert.equal((await admit(crd("x.constraints.gatekeeper.sh"), later, all)).allowed, true);
  assert.equal((await admit(crd("x.example.com"), later, all)).allowed, false);
  assert.deepEqual(asked, []);
});

test("a constraint's template is waited for, and its refusal ends the matter", async () => {
  const { asked, options: all } = options({
    checkOwnResource: () => Promise.resolve({ code: 422, message: "wrong", advice: ["mend it"], statusCode: "" }),
  });
  const constraint = request({ ...pod, kind: { group: "constraints.gatekeeper.sh", version: "v1beta1", kind: "K" } });
  const { allowed, code, message, warnings } = await admit(constraint, later, all);
  // What to do about it stands beside the message, which is Gatekeeper's.
  assert.deepEqual([allowed, code, message, warnings], [false, 422, "wrong", ["mend it"]]);
  assert.deepEqual(asked, ["wait K"]);
});

test("a namespace is left alone by the name of the object, which the request may not have yet", async () => {
  const named = { metadata: { generateName: "out-", name: "out-x7k2p" } };
  const making = {
    ...pod,
    kind: { group: "", version: "v1", kind: "Namespace" },
    name: "",
    namespace: "",
    object: named,
  };
  const { asked, options: all } = options({ isExcluded: (name) => name === "out-x7k2p" });
  const { message } = await admit(request(making), later, all);
  assert.equal(message, "Namespace is set to be ignored by Gatekeeper config");
  const deleting = { ...making, operation: "DELETE", object: null, oldObject: named };
  assert.equal((await admit(request(deleting), later, all)).message, message);
  assert.deepEqual(asked, []);
});

test("a namespace that cannot be found, or asked for, refuses", async () => {
  const missing = await admit(
    request(pod),
    later,
    options({ findNamespace: () => Promise.resolve(undefined) }).options,
  );
  assert.deepEqual(
    [missing.allowed, missing.code, missing.message],
    [false, 500, 'failed to create augmentedReview: namespaces "team" not found'],
  );
  const failing = await admit(
    request(pod),
    later,
    options({ findNamespace: () => Promise.reject(new Error("etcd is away")) }).options,
  );
  assert.deepEqual(
    [failing.allowed, failing.code, failing.message],
    [false, 500, "failed to create augmentedReview: etcd is away"],
  );
});

test("a Namespace is in no namespace", async () => {
  const { asked, options: all } = options();
  await admit(
    request({ ...pod, kind: { group: "", version: "v1", kind: "Namespace" }, namespace: "team" }),
    later,
    all,
  );
  assert.deepEqual(asked, ["review"]);
});

test("what is refused, tried, changed or deleted has no effect before it is written", async () => {
  const refusing = options({ review: () => reviewed({ allowed: false, code: 403, warnings: [] }) });
  await admit(request(constraint), later, refusing.options);
  const dry = options();
  await admit(request({ ...constraint, dryRun: true }), later, dry.options);
  const update = options();
  await admit(request({ ...constraint, operation: "UPDATE", oldObject: pod["object"] ?? null }), later, update.options);
  const gone = options();
  await admit(
    request({ ...constraint, operation: "DELETE", object: null, oldObject: pod["object"] ?? null }),
    later,
    gone.options,
  );
  for (const { asked } of [refusing, dry, update, gone]) assert.ok(!asked.includes("effect"), asked.join());
});
