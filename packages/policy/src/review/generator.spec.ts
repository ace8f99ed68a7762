import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { JsonObject } from "@portcullis/objects";
import { fakeRequest } from "./fake-request.ts";
import { whyNotExpandable } from "./generator.ts";

const kind = { group: "", version: "v1", kind: "Pod" };
const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "p" } };

describe("what a request is about", () => {
  it("can be expanded where request and object have a kind", () => {
    assert.equal(whyNotExpandable(fakeRequest({ operation: "CREATE", kind, object: pod })), undefined);
    assert.equal(whyNotExpandable(fakeRequest({ operation: "CREATE", kind: { kind: "Pod" }, object: pod })), undefined);
  });

  it("is not looked at where there is no object", () => {
    assert.equal(whyNotExpandable(fakeRequest({ operation: "CREATE", object: null })), undefined);
    assert.equal(whyNotExpandable(fakeRequest({ operation: "DELETE", object: {}, oldObject: null })), undefined);
  });

  it("is refused in Gatekeeper's words where the request names no kind", () => {
    const text = "unable to expand object: cannot expand resource p with empty GVK";
    assert.equal(whyNotExpandable(fakeRequest({ operation: "UPDATE", object: pod })), text);
    assert.equal(whyNotExpandable(fakeRequest({ operation: "DELETE", oldObject: pod })), text);
  });

  it("is refused in Gatekeeper's words where the object's version or kind is none", () => {
    const why = (object: JsonObject): string | undefined =>
      whyNotExpandable(fakeRequest({ operation: "CREATE", kind, name: "p", object }));
    const notText =
      "error decoding generator resource p: couldn't get version/kind; json parse error: json: cannot unmarshal";
    assert.equal(
      why({ apiVersion: 1, kind: "Pod" }),
      `${notText} number into Go struct field .apiVersion of type string`,
    );
    assert.equal(why({ kind: ["Pod"] }), `${notText} array into Go struct field .kind of type string`);
    const tooMany = "error decoding generator resource p: unexpected GroupVersion string: a/b/c";
    assert.equal(why({ apiVersion: "a/b/c", kind: "Pod" }), tooMany);
    assert.equal(why({ apiVersion: null, kind: "Pod" }), undefined);
  });

  it("is refused in Gatekeeper's words where the object has no kind", () => {
    assert.equal(
      whyNotExpandable(fakeRequest({ operation: "CREATE", kind, name: "p", object: { apiVersion: "v1" } })),
      `error decoding generator resource p: Object 'Kind' is missing in '{"apiVersion":"v1"}'`,
    );
  });
});
