import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultService } from "./core-defaults.ts";
import { at, fieldsAt } from "./fields-at.ts";
import { giveAddresses } from "./service-addresses.ts";
import { MemoryStore } from "../storage/memory-store.ts";
import { draftOf } from "../storage/api-object.ts";
import type { KindContext } from "./kind.ts";
import type { ApiObject, Draft } from "../storage/api-object.ts";

const context: KindContext = { now: new Date(), user: { name: "u", groups: [] }, store: new MemoryStore() };

function service(name: string, spec: object): Draft {
  const metadata = { name, namespace: "d", uid: name, resourceVersion: "", creationTimestamp: "" };
  const draft = draftOf({ apiVersion: "v1", kind: "Service", metadata, spec });
  defaultService(draft);
  return draft;
}

function keep(draft: Draft): ApiObject {
  // Nothing changes the draft once it is stored.
  const outcome = context.store.create("services", draft as ApiObject);
  assert.ok(outcome.ok);
  return outcome.object;
}

test("each Service gets an address and ports of its own, and keeps them", () => {
  const ports = [{ port: 80 }];
  const first = service("first", { ports, type: "NodePort" });
  giveAddresses(first, context);
  const old = keep(first);
  const second = service("second", { ports, type: "NodePort" });
  giveAddresses(second, context);
  const [a, b] = [fieldsAt(first, "spec"), fieldsAt(second, "spec")];
  assert.notEqual(a["clusterIP"], b["clusterIP"]);
  assert.deepEqual(a["clusterIPs"], [a["clusterIP"]]);
  assert.deepEqual(a["ports"], [{ port: 80, protocol: "TCP", targetPort: 80, nodePort: 30_000 }]);
  assert.deepEqual(b["ports"], [{ port: 80, protocol: "TCP", targetPort: 80, nodePort: 30_001 }]);
  const replaced = service("first", { ports, type: "NodePort" });
  giveAddresses(replaced, context, old);
  assert.deepEqual(replaced["spec"], a);
});

test("a headless Service keeps its None, an external name gets no address", () => {
  const headless = service("headless", { clusterIP: "None" });
  giveAddresses(headless, context);
  assert.deepEqual(at(headless, "spec", "clusterIPs"), ["None"]);
  const external = service("external", { type: "ExternalName", externalName: "a.example" });
  giveAddresses(external, context);
  assert.equal(Object.hasOwn(fieldsAt(external, "spec"), "clusterIP"), false);
});
