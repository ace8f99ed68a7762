/** Whether anything that a Secret holds comes to where people look who may not read it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { JsonObject } from "@portcullis/objects";
import { namespace, type Story } from "../acceptance/story.ts";
import type { Product } from "../product.ts";

/** What must be found nowhere; every secret value holds it, in some form. */
const canary = "KANARIENVOGEL";
const space = "secretive";

/** A policy that tells everything that it can, in every way that people write it. */
const rego = `package tells

violation[{"msg": msg, "details": {"object": input.review.object, "old": input.review.oldObject}}] {
  msg := sprintf("the object is %v", [input.review.object])
}

violation[{"msg": msg, "details": {key: value}}] {
  value := input.review.object.data[key]
  msg := sprintf("%v is %v", [key, base64.decode(value)])
}

violation[{"msg": msg}] {
  values := [base64.decode(value) | value := input.review.object.data[_]]
  msg := sprintf("decoded: %v", [json.marshal({"all": values})])
}

violation[{"msg": line}] {
  line := split(base64.decode(input.review.object.data[_]), "\\n")[_]
}

violation[{"msg": msg}] {
  msg := sprintf("applied: %v", [input.review.object.metadata.annotations[_]])
}
`;

const values: Readonly<Record<string, string>> = {
  plain: `${canary}-plain`,
  lines: `first ${canary}\nsecond "${canary}" line\n\tthird \\ ${canary}`,
  json: JSON.stringify({ password: `${canary}-in-json`, more: [`${canary}`] }),
  unicode: `${canary}-ä-日本-\u0001-end`,
};

function secret(name: string, form: "data" | "stringData"): JsonObject {
  const encode = (text: string): string => (form === "data" ? Buffer.from(text).toString("base64") : text);
  const held = Object.fromEntries(Object.entries(values).map(([key, text]) => [key, encode(text)]));
  return { apiVersion: "v1", kind: "Secret", metadata: { name, namespace: space }, [form]: held };
}

/** Makes every way in which a Secret can come before a policy, and the places where it might leave traces. */
export async function writeSecrets(story: Story): Promise<void> {
  await story.admits(namespace(space));
  await story.admits({
    apiVersion: "templates.gatekeeper.sh/v1",
    kind: "ConstraintTemplate",
    metadata: { name: "tells" },
    spec: {
      crd: { spec: { names: { kind: "Tells" } } },
      targets: [{ target: "admission.k8s.gatekeeper.sh", rego }],
    },
  });
  const match = { kinds: [{ apiGroups: [""], kinds: ["Secret"] }], namespaces: [space] };
  for (const enforcementAction of ["dryrun", "warn"]) {
    await story.eventually(() =>
      story.admits({
        apiVersion: "constraints.gatekeeper.sh/v1beta1",
        kind: "Tells",
        metadata: { name: enforcementAction },
        spec: { enforcementAction, match },
      }),
    );
    await story.enforced("tells", enforcementAction);
  }
  // Made while it is only warned of, changed and deleted; applied, so that kubectl writes it into an annotation.
  for (const form of ["data", "stringData"] as const) {
    await story.admits(secret(`kept-${form.toLowerCase()}`, form));
    await story.does("label", "secret", `kept-${form.toLowerCase()}`, "-n", space, "a=b");
  }
  await story.admits({
    apiVersion: "constraints.gatekeeper.sh/v1beta1",
    kind: "Tells",
    metadata: { name: "deny" },
    spec: { match },
  });
  await story.enforced("tells", "deny");
  for (const form of ["data", "stringData"] as const)
    await story.refuses(secret(`refused-${form.toLowerCase()}`, form));
  await story.fails("label", "secret", "kept-data", "-n", space, "c=d");
  // Events are written behind the answers.
  await new Promise((resolve) => setTimeout(resolve, 2000));
}

/** Every place where people look, with what is there. */
export async function placesOf(
  story: Story,
  product: Product,
  logFile: string,
): Promise<readonly (readonly [place: string, text: string])[]> {
  const places: [string, string][] = [["the log", readFileSync(logFile, "utf8")]];
  places.push(["the events", await story.does("get", "events", "-A", "-o", "json")]);
  for (const kind of ["tells", "constrainttemplates", "constraintpodstatuses", "constrainttemplatepodstatuses"]) {
    places.push([kind, await story.does("get", kind, "-A", "-o", "json")]);
  }
  for (const replica of product.replicas()) {
    places.push([`the metrics of ${replica.pod}`, (await product.metrics(replica)).text]);
    places.push([`what ${replica.pod} prints`, replica.program.lastWords()]);
  }
  return places;
}

/** Fails where the canary is, as it stands or encoded. */
export function assertNoCanary(places: readonly (readonly [place: string, text: string])[]): void {
  const encoded = Object.values(values).map((text) => Buffer.from(text).toString("base64"));
  const forms = [canary, ...encoded, ...encoded.map((text) => text.slice(0, 16))];
  for (const [place, text] of places) {
    for (const form of forms) {
      const at = text.indexOf(form);
      assert.equal(at, -1, `${place}: ${text.slice(Math.max(0, at - 200), at + 100)}`);
    }
  }
}
