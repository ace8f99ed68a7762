import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { JsonObject } from "@portcullis/objects";
import { fakeRequest } from "../review/fake-request.ts";
import type { AdmissionRequest } from "../review/request.ts";
import { RegoDriver } from "../driver/rego/rego-driver.ts";
import { Client } from "./client.ts";
import { checkOwnResource, isOwnResource, type OwnResourceOptions } from "./own-resources.ts";

function template(rego: string, more: JsonObject = {}): JsonObject {
  return {
    apiVersion: "templates.gatekeeper.sh/v1",
    kind: "ConstraintTemplate",
    metadata: { name: "never" },
    spec: {
      crd: { spec: { names: { kind: "Never" } } },
      targets: [{ target: "admission.k8s.gatekeeper.sh", rego, ...more }],
    },
  };
}

const good = 'package p\nviolation[{"msg": "x"}] { true }';

function request(object: JsonObject, more: JsonObject = {}): AdmissionRequest {
  const [group = ""] = String(object["apiVersion"]).split("/");
  const name = (object["metadata"] as JsonObject)["name"] ?? ""; // as: the objects of this spec have metadata
  const kind = { group, version: "v1", kind: object["kind"] ?? "" };
  return fakeRequest({ kind, name, operation: "CREATE", object, ...more });
}

async function refusal(of: AdmissionRequest, options?: OwnResourceOptions): Promise<string | undefined> {
  const client = new Client({ drivers: [new RegoDriver()] });
  assert.ok((await client.addTemplate(template(good))).ok);
  const refused = checkOwnResource(client, of, options);
  return refused === undefined ? undefined : `${refused.code} ${refused.problem.message}`;
}

const constraint = (spec: JsonObject): JsonObject => ({
  apiVersion: "constraints.gatekeeper.sh/v1beta1",
  kind: "Never",
  metadata: { name: "one" },
  spec,
});

describe("own resources", () => {
  it("are told by their group", () => {
    assert.ok(isOwnResource(request(template(good))));
    assert.ok(!isOwnResource(fakeRequest({ kind: { group: "notgatekeeper.sh", kind: "X" } })));
    assert.ok(!isOwnResource(fakeRequest({ kind: { group: "", kind: "Pod" } })));
  });

  it("are accepted when nothing is wrong", async () => {
    assert.equal(await refusal(request(template(good))), undefined);
    assert.equal(await refusal(request(constraint({}))), undefined);
  });

  it("are refused when a template does not compile, unless that is left to the controller", async () => {
    const broken = request(template('package p\nviolation[{"msg": x}] { x := }'));
    const refused = await refusal(broken);
    assert.match(refused ?? "", /^422 invalid ConstraintTemplate: 1 error occurred: template:2: rego_parse_error: /);
    assert.equal(await refusal(broken, { skipCode: true }), undefined);
  });

  it("are refused with Gatekeeper's codes", async () => {
    assert.equal(
      await refusal(request(template(good, { operations: ["*", "CREATE"] }))),
      "500 if '*' is present, must not specify other operations",
    );
    assert.equal(
      await refusal(request(constraint({ enforcementAction: "shout" }))),
      '500 unrecognized enforcementAction: "shout" is not within the supported list [deny dryrun warn scoped]',
    );
    assert.equal(
      await refusal(request(constraint({ enforcementAction: "shout" })), { anyEnforcementAction: true }),
      undefined,
    );
    assert.equal(
      await refusal(request(constraint({}), { name: "a".repeat(64) })),
      "500 resource cannot have metadata.name larger than 63 char; length: 64",
    );
    // Bytes count, and only in the groups that Gatekeeper looks at.
    assert.equal(
      await refusal(request(constraint({}), { name: "é".repeat(32) })),
      "500 resource cannot have metadata.name larger than 63 char; length: 64",
    );
    for (const group of ["status", "syncset", "others"]) {
      const other = { apiVersion: `${group}.gatekeeper.sh/v1`, kind: "Thing", metadata: { name: "a".repeat(64) } };
      assert.equal(await refusal(request(other)), undefined);
    }
    assert.equal(
      await refusal(request({ ...constraint({}), kind: "Other" })),
      '422 missing ConstraintTemplate: template "other" not found',
    );
    const config = { apiVersion: "config.gatekeeper.sh/v1alpha1", kind: "Config", metadata: { name: "other" } };
    assert.equal(await refusal(request(config)), "422 config resource must have name 'config'");
  });

  it("are refused when a template changes its kind, which no CRD can do", async () => {
    const other = {
      ...template(good),
      spec: { ...(template(good)["spec"] as JsonObject), crd: { spec: { names: { kind: "NEVER" } } } },
    }; // as: it has one
    const changed = request(other, { operation: "UPDATE", oldObject: template(good) });
    assert.equal(
      await refusal(changed),
      "422 the kind of a template's constraints cannot be changed from `Never` to `NEVER`",
    );
    assert.equal(await refusal(request(other)), undefined);
    assert.equal(await refusal(request(template(good), { operation: "UPDATE", oldObject: template(good) })), undefined);
  });

  it("are refused for a pattern that is none, from the first one on", async () => {
    const client = new Client({ drivers: [new RegoDriver()] });
    const names = { kind: "Never" };
    const schema = { type: "object", properties: { host: { type: "string", pattern: "a(b" } } };
    const crd = { spec: { names, validation: { openAPIV3Schema: schema } } };
    const patterned = { ...template(good), spec: { ...(template(good)["spec"] as JsonObject), crd } }; // as: it has one
    await client.loadPatterns(patterned);
    assert.match(
      checkOwnResource(client, request(patterned))?.problem.message ?? "",
      /pattern: Invalid value: "a\(b": must be a valid regular expression, but isn't: error parsing regexp: missing closing \): `a\(b`$/,
    );
  });

  it("are refused where the kind is so long that the name of its list is none", async () => {
    const long = "n".repeat(60);
    const named = {
      ...template(good),
      metadata: { name: long },
      spec: { ...(template(good)["spec"] as JsonObject), crd: { spec: { names: { kind: long } } } }, // as: it has one
    };
    assert.equal(
      await refusal(request(named)),
      `422 invalid ConstraintTemplate: spec.names.listKind: Invalid value: "${long}List": may have mixed case, but should otherwise match: must be no more than 63 characters`,
    );
  });

  it("may always be deleted", async () => {
    const deletion = { operation: "DELETE", object: null, oldObject: { ...constraint({}), kind: "Gone" } };
    assert.equal(await refusal(request(constraint({}), deletion)), undefined);
  });

  it("are refused where their part of Gatekeeper is not there yet", async () => {
    const assign = { apiVersion: "mutations.gatekeeper.sh/v1", kind: "Assign", metadata: { name: "a" } };
    assert.equal(
      await refusal(request(assign)),
      "422 Assign is not supported yet: mutation comes with a later release",
    );
  });
});
