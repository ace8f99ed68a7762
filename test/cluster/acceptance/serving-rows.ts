/** Rows about the server itself: that it is there, how it is reached, and what it counts. */
import assert from "node:assert/strict";
import { isJsonArray, own, ownPath, ownString } from "@portcullis/objects";
import { askOverTls } from "../requests.ts";
import { namespace, type Row, type Story } from "./story.ts";

/** The name that the webhook is called by, and whom its callers trust. */
async function webhookOf(object: Story["object"]): Promise<{ readonly name: string; readonly authority: string }> {
  const secret = await object("get", "secret", "-n", "gatekeeper-system", "gatekeeper-webhook-server-cert");
  const text = ownString(own(secret, "data"), "ca.crt") ?? "";
  assert.notEqual(text, "", "the Secret holds no authority");
  return {
    name: "gatekeeper-webhook-service.gatekeeper-system.svc",
    authority: Buffer.from(text, "base64").toString(),
  };
}

/** The server is there and is reached. */
export const servingRows: readonly Row[] = [
  {
    row: 1,
    title: "the controller is running (without a kubelet: every replica says that it is ready)",
    async run({ product }) {
      assert.ok(product.replicas().length > 0);
      for (const replica of product.replicas()) assert.equal((await product.ready(replica)).status, 200);
    },
  },
  {
    row: 3,
    title: "the namespace-label webhook serves under its Service's name, with the CA of the Secret",
    async run({ eventually, object, product }) {
      const webhook = await eventually(() => webhookOf(object));
      const answer = await askOverTls({ ...webhook, port: product.servicePort, path: "/v1/admitlabel" });
      assert.ok(answer.status >= 200 && answer.status < 300, `${answer.status} ${answer.text}`);
    },
  },
  {
    row: 4,
    title: "the CRD of constraint templates is established",
    async run({ does }) {
      await does(
        "wait",
        "--for=condition=established",
        "--timeout=15s",
        "crd/constrainttemplates.templates.gatekeeper.sh",
      );
    },
  },
  {
    row: 6,
    title: "the webhook configuration is there",
    async run({ eventually, does }) {
      await eventually(() =>
        does(
          "get",
          "validatingwebhookconfigurations.admissionregistration.k8s.io",
          "gatekeeper-validating-webhook-configuration",
        ),
      );
    },
  },
];

/** The label that takes a namespace out of sight. */
export const labelRows: readonly Row[] = [
  {
    row: 11,
    title: "only an exempt namespace may carry the ignore label",
    async run({ refuses }) {
      const text = await refuses(namespace("wants-to-be-ignored", { "admission.gatekeeper.sh/ignore": "yes" }));
      assert.match(text, /Only exempt namespace can have the admission\.gatekeeper\.sh\/ignore label/);
    },
  },
  {
    row: 12,
    title: "the ignore label of Gatekeeper's own namespace can be patched",
    async run({ does }) {
      const path = "/metadata/labels/admission.gatekeeper.sh~1ignore";
      const patch = JSON.stringify([{ op: "replace", path, value: "it-was-patched" }]);
      await does("patch", "ns", "gatekeeper-system", "--type=json", "-p", patch);
    },
  },
];

/** What it counts and tells, and how it ends. */
export const countingRows: readonly Row[] = [
  {
    row: 16,
    title: "the metrics count the namespaces that are synced",
    async run({ eventually, object, product }) {
      await eventually(async () => {
        const items = own(await object("get", "namespaces"), "items");
        assert.ok(isJsonArray(items));
        for (const replica of product.replicas()) {
          const { text } = await product.metrics(replica);
          const line: string = `gatekeeper_sync{kind="Namespace",status="active"} ${items.length}`;
          const found = text.split("\n").filter((each) => each.startsWith("gatekeeper_sync{"));
          assert.ok(found.includes(line), `wanted ${line}\ngot ${found.join("\n")}`);
        }
      });
    },
  },
  {
    row: 19,
    title: "events tell of denials and of what dryrun let through (not audit's)",
    async run({ eventually, object }) {
      for (const reason of ["FailedAdmission", "DryrunViolation"]) {
        await eventually(async () => {
          const found = await object("get", "events", "-n", "playground", "--field-selector", `reason=${reason}`);
          const items = own(found, "items");
          assert.ok(isJsonArray(items));
          const ours = items.filter(
            (item) => ownPath(item, "metadata", "annotations", "constraint_kind") === "K8sRequiredLabels",
          );
          assert.ok(ours.length > 0, `no event with reason ${reason}`);
        });
      }
    },
  },
  {
    row: 32,
    title: "a replica that is told to end serves on for the delay (without a kubelet: its process)",
    async run({ object, product }) {
      const [replica] = product.replicas();
      assert.ok(replica !== undefined);
      const started = performance.now();
      const ended = product.end(replica);
      await new Promise((resolve) => setTimeout(resolve, product.shutdownDelaySeconds * 500));
      const { status } = await askOverTls({ ...(await webhookOf(object)), port: replica.port, path: "/v1/admitlabel" });
      assert.ok(status >= 200 && status < 300, "it served no more");
      assert.notEqual((await product.ready(replica)).status, 200, "it still said that it is ready");
      await ended;
      const seconds = (performance.now() - started) / 1000;
      assert.ok(seconds >= product.shutdownDelaySeconds, `it ended after ${seconds.toFixed(1)} s`);
      await product.add();
    },
  },
];
