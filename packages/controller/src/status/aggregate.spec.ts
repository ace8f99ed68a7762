import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@portcullis/objects";
import { byPodOf, templateStatus } from "./aggregate.ts";

const report = (id: string, uid: string, errors?: readonly JsonObject[]): JsonObject => ({
  status: { id, templateUID: uid, ...(errors === undefined ? {} : { errors }) },
});

test("the entries are those of the object's uid, in the order of their Pods", () => {
  const reports = [report("pod-b", "new"), report("pod-c", "old"), report("pod-a", "new"), { metadata: {} }];
  assert.deepEqual(
    byPodOf(reports, "templateUID", "new").map((entry) => entry["id"]),
    ["pod-a", "pod-b"],
  );
});

test("a template was created once some Pod has it without errors, and that is never taken back", () => {
  const error = { code: "ingest_error", message: "no" };
  const bad = { id: "a", errors: [error] };
  const good = { id: "b" };
  assert.deepEqual(templateStatus({}, [bad]), { byPod: [bad] });
  assert.deepEqual(templateStatus({}, [bad, good]), { byPod: [bad, good], created: true });
  assert.deepEqual(templateStatus({ status: { created: true, other: 1 } }, [bad]), {
    created: true,
    other: 1,
    byPod: [bad],
  });
  assert.deepEqual(templateStatus({ status: { created: true } }, []), { created: true, byPod: [] });
});
