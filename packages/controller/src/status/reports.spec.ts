import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { KubeClient } from "@portcullis/kube";
import { InstantClock, ScriptedTransport, type ScriptedAnswer } from "@portcullis/kube/testing";
import { metadataOf, ownPath, readJson, type JsonObject } from "@portcullis/objects";
import { silentLog } from "../log/log.ts";
import { StatusReports } from "./reports.ts";

/** An API that holds one report, as an API server would. */
class OneReport {
  version = 0;
  stored: JsonObject | undefined;
  readonly transport = new ScriptedTransport(({ method, body }) => this.#answer(method, body));

  /** The methods since the last look. */
  asked(): readonly string[] {
    return this.transport.requests.splice(0).map(({ method }) => method);
  }

  #answer(method: string, body: string | undefined): ScriptedAnswer {
    const parsed = readJson(body ?? "null");
    const object = (parsed.ok ? parsed.value : null) as JsonObject;
    switch (method) {
      case "POST":
        return this.stored === undefined ? this.#store(object) : refusal(409, "AlreadyExists");
      case "PUT":
        if (this.stored === undefined) return refusal(404, "NotFound");
        return metadataOf(object)["resourceVersion"] === String(this.version)
          ? this.#store(object)
          : refusal(409, "Conflict");
      case "DELETE":
        this.stored = undefined;
        return { body: [{}] };
      default:
        return this.stored === undefined ? refusal(404, "NotFound") : { body: [this.stored] };
    }
  }

  #store(object: JsonObject): ScriptedAnswer {
    this.version += 1;
    this.stored = { ...object, metadata: { ...metadataOf(object), resourceVersion: String(this.version) } };
    return { body: [this.stored] };
  }
}

function refusal(code: number, reason: string): ScriptedAnswer {
  return { status: code, body: [{ kind: "Status", status: "Failure", reason, code, message: reason }] };
}

function constraint(generation: number): JsonObject {
  return { kind: "K8sOwned", metadata: { name: "owned", uid: "u", generation } };
}

describe("the reports of a replica", () => {
  const start = (api: OneReport): StatusReports => {
    const reports = new StatusReports({
      client: new KubeClient(api.transport),
      clock: new InstantClock(),
      log: silentLog,
      reporter: { pod: "pod-1", namespace: "gatekeeper-system", operations: ["webhook"] },
    });
    reports.open();
    return reports;
  };
  const tell = async (reports: StatusReports, generation: number): Promise<void> => {
    reports.reportConstraint(constraint(generation), undefined);
    await reports.settled();
  };
  const generationOf = ({ stored }: OneReport): unknown => ownPath(stored, "status", "observedGeneration");

  it("are one request for each change, once they are there", async () => {
    const api = new OneReport();
    const reports = start(api);
    await tell(reports, 1);
    assert.deepEqual(api.asked(), ["POST"]);
    await tell(reports, 2);
    await tell(reports, 3);
    assert.deepEqual(api.asked(), ["PUT", "PUT"]);
    assert.equal(generationOf(api), 3);
    await reports.stop();
  });

  it("say that a constraint is enforced where it is, and nothing of it where it is not, as Gatekeeper does", async () => {
    const api = new OneReport();
    const reports = start(api);
    await tell(reports, 1);
    assert.equal(ownPath(api.stored, "status", "enforced"), true);
    reports.reportConstraint(constraint(2), { code: 422, message: "bad", statusCode: "create_error" });
    await reports.settled();
    assert.equal(ownPath(api.stored, "status", "enforced"), undefined);
    assert.match(JSON.stringify(api.stored), /"errors":\[\{"code":"create_error","message":"bad"\}\]/);
    await reports.stop();
  });

  it("take over what a replica of the same name left", async () => {
    const api = new OneReport();
    const before = start(api);
    await tell(before, 1);
    await before.stop();
    api.asked();
    const reports = start(api);
    await tell(reports, 2);
    assert.deepEqual(api.asked(), ["POST", "GET", "PUT"]);
    assert.equal(generationOf(api), 2);
    await reports.stop();
  });

  it("are written all the same where somebody changed or deleted them", async () => {
    const api = new OneReport();
    const reports = start(api);
    await tell(reports, 1);
    api.version += 1;
    if (api.stored !== undefined) {
      api.stored = { ...api.stored, metadata: { ...metadataOf(api.stored), resourceVersion: String(api.version) } };
    }
    await tell(reports, 2);
    assert.equal(generationOf(api), 2);
    api.stored = undefined;
    await tell(reports, 3);
    assert.equal(generationOf(api), 3);
    reports.removeConstraint("K8sOwned", "owned");
    await reports.settled();
    assert.equal(api.stored, undefined);
    await tell(reports, 4);
    assert.equal(generationOf(api), 4);
    await reports.stop();
  });

  it("tell of the kinds that the Config names and nobody serves, in Gatekeeper's words", async () => {
    const api = new OneReport();
    const reports = start(api);
    const config = { kind: "Config", metadata: { name: "config", uid: "u", generation: 2 } };
    reports.reportConfig(config, [
      { group: "", version: "v2", kind: "Thing" },
      { group: "x.io", version: "v1", kind: "Zork" },
    ]);
    await reports.settled();
    const line = (name: string, kind: string, version: string): string =>
      `error for gvk: ${name}: adding watch for ${name} getting informer for kind: ${name} no matches for kind "${kind}" in version "${version}"`;
    const [thing, zork] = [line("/v2, Kind=Thing", "Thing", "v2"), line("x.io/v1, Kind=Zork", "Zork", "x.io/v1")];
    assert.deepEqual(ownPath(api.stored, "status", "errors"), [
      { message: `error establishing watches: ${thing}\n${zork}` },
    ]);
    reports.reportConfig(config, []);
    await reports.settled();
    assert.equal(ownPath(api.stored, "status", "errors"), undefined);
  });
});
