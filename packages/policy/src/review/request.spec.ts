import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readJson, type JsonObject } from "@portcullis/objects";
import { fakeRequest } from "./fake-request.ts";
import { readRequest, type AdmissionRequest } from "./request.ts";

function messageOf(fields: JsonObject): string {
  const read = readRequest(fields);
  return read.ok ? "" : read.message;
}

describe("a request", () => {
  it("is empty where it says nothing", () => {
    const empty: AdmissionRequest = {
      uid: "",
      kind: { group: "", version: "", kind: "" },
      resource: { group: "", version: "", resource: "" },
      subResource: "",
      requestKind: undefined,
      requestResource: undefined,
      requestSubResource: "",
      name: "",
      namespace: "",
      operation: "",
      userInfo: {},
      username: "",
      object: undefined,
      oldObject: undefined,
      dryRun: undefined,
      options: null,
      hasPlainNumbers: false,
    };
    assert.deepEqual(fakeRequest({}), empty);
    const nothing = Object.fromEntries(Object.keys(empty).map((field) => [field, null]));
    assert.deepEqual(fakeRequest({ ...nothing, kind: { group: null }, resource: {} }), empty);
  });

  it("is read with the API's fields alone, at every level", () => {
    const text = `{
      "uid": "u", "__proto__": {"name": "no"}, "constructor": 1, "operation": "UPDATE", "dryRun": true,
      "subResource": "scale", "requestSubResource": "scale", "name": "n", "namespace": "ns", "options": {"a": 1},
      "kind": {"group": "apps", "version": "v1", "kind": "Deployment", "more": 1},
      "resource": {"group": "apps", "version": "v1", "resource": "deployments"},
      "requestKind": {"kind": "Scale"}, "requestResource": {"resource": "deployments", "__proto__": {"group": "no"}},
      "object": {"kind": "Scale"}, "oldObject": {"kind": "Old"}
    }`;
    const parsed = readJson(text);
    assert.ok(parsed.ok);
    // as: written above
    assert.deepEqual(fakeRequest(parsed.value as JsonObject), {
      uid: "u",
      kind: { group: "apps", version: "v1", kind: "Deployment" },
      resource: { group: "apps", version: "v1", resource: "deployments" },
      subResource: "scale",
      requestKind: { group: "", version: "", kind: "Scale" },
      requestResource: { group: "", version: "", resource: "deployments" },
      requestSubResource: "scale",
      name: "n",
      namespace: "ns",
      operation: "UPDATE",
      userInfo: {},
      username: "",
      object: { kind: "Scale" },
      oldObject: { kind: "Old" },
      dryRun: true,
      options: { a: 1 },
      hasPlainNumbers: false,
    });
  });

  it("is asked by somebody of whom nothing empty is shown", () => {
    const extra = { scopes: ["a"], none: null };
    const user = { username: "jane", uid: "1", groups: ["g"], extra };
    assert.deepEqual(fakeRequest({ userInfo: user }).userInfo, user);
    assert.equal(fakeRequest({ userInfo: user }).username, "jane");
    const empty = { username: "", uid: "", groups: [], extra: {} };
    assert.deepEqual(fakeRequest({ userInfo: empty }).userInfo, {});
    assert.deepEqual(fakeRequest({ userInfo: { ...empty, uid: "1", more: true } }).userInfo, { uid: "1" });
  });

  it("is refused in Go's words where a field is of another type", () => {
    const start = "json: cannot unmarshal";
    assert.equal(
      messageOf({ userInfo: { username: 1 } }),
      `${start} number into Go struct field UserInfo.AdmissionReview.request.userInfo.username of type string`,
    );
    assert.equal(
      messageOf({ kind: "Pod" }),
      `${start} string into Go struct field AdmissionRequest.AdmissionReview.request.kind of type v1.GroupVersionKind`,
    );
    assert.match(messageOf({ resource: { resource: [] } }), /^json: cannot unmarshal array into Go struct field /);
    assert.match(messageOf({ userInfo: { groups: ["a", 1] } }), /number into .* of type string$/);
    assert.match(messageOf({ userInfo: { extra: { a: "b" } } }), /string into .* of type v1.ExtraValue$/);
    assert.match(messageOf({ dryRun: "true" }), /string into .* of type bool$/);
  });

  it("is about objects", () => {
    assert.equal(messageOf({ object: "x" }), "the object of the AdmissionReview is no object");
    assert.equal(messageOf({ object: {}, oldObject: [] }), "the oldObject of the AdmissionReview is no object");
  });
});
