/** No value of Gatekeeper's chart is ignored in silence: each is honoured, told to have no effect, or refused. */
import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import {
  groupVersionKindOf,
  isJsonObject,
  nameOf,
  own,
  ownPath,
  type JsonObject,
  type JsonValue,
} from "@portcullis/objects";
import { readYaml } from "@portcullis/objects/yaml";
import { honoured, own as ofOurs, refused, told, type Honoured, type Place } from "./chart-values-data.ts";
import { allOf, merged, valueOf } from "./chart-values.ts";
import { chart, renderedChart, runHelm, withoutHelm } from "./helm-chart.ts";

type Rendered = ReadonlyMap<string, JsonObject>;

function rendered(values: JsonObject): Rendered {
  return new Map(
    renderedChart(values).map((object) => [`${groupVersionKindOf(object).kind} ${nameOf(object)}`, object]),
  );
}

function seen(objects: Rendered, [title, ...path]: Place): JsonValue | undefined {
  let at: JsonValue | undefined = objects.get(title);
  for (const key of path) at = Array.isArray(at) ? at[Number(key)] : own(at, key);
  return at;
}

function holds(row: Honoured, objects: Rendered): boolean {
  const value = seen(objects, row.at);
  const equals = (left: JsonValue | undefined, right: JsonValue | undefined): boolean => {
    try {
      assert.deepEqual(left, right);
      return true;
    } catch {
      return false;
    }
  };
  if ("is" in row) return equals(value, row.is);
  const items = Array.isArray(value) ? value : [];
  return "has" in row ? items.some((item) => equals(item, row.has)) : !items.some((item) => equals(item, row.lacks));
}

function table(): { honoured: readonly string[]; told: readonly string[]; refused: readonly string[] } {
  const value = readYaml(readFileSync(join(chart, "files", "values.yaml"), "utf8"), "values.yaml").documents[0]?.value;
  const [names, groups] = [own(value, "honoured"), own(value, "told")];
  assert.ok(Array.isArray(names) && Array.isArray(groups));
  return {
    honoured: names.map(String),
    told: groups.flatMap((group) => Object.keys(own(group, "values") ?? {})),
    refused: Object.keys(own(value, "refused") ?? {}),
  };
}

/** The leaves of the chart's own defaults, as far as the table goes. */
function defaults(at: JsonValue | undefined, known: ReadonlySet<string>, prefix = ""): readonly string[] {
  if (!isJsonObject(at)) return [];
  return Object.entries(at).flatMap(([key, value]) => {
    const name = prefix + key;
    if (known.has(name) || !isJsonObject(value) || Object.keys(value).length === 0) return [name];
    return defaults(value, known, `${name}.`);
  });
}

const rows = [...honoured, ...ofOurs];

describe("the values of Gatekeeper's chart", { skip: withoutHelm }, () => {
  const plain = withoutHelm !== false ? new Map<string, JsonObject>() : rendered({});

  describe("that are honoured", () => {
    const together = rows.filter((row) => row.with === undefined);
    const all = withoutHelm !== false ? plain : rendered(allOf(together));
    for (const row of rows) {
      it(row.name, () => {
        const given = valueOf(row.name, row.value);
        const objects = row.with === undefined ? all : rendered(merged(row.with, given));
        assert.ok(holds(row, objects), `seen is ${JSON.stringify(seen(objects, row.at))}`);
        const before = Object.keys(row.with ?? {}).length === 0 ? plain : rendered(row.with ?? {});
        assert.ok(!holds(row, before), "the same is seen without it");
        assert.equal(toldIn(objects), undefined);
      });
    }
  });

  describe("that have no effect", () => {
    const objects = withoutHelm !== false ? plain : rendered(allOf(told));
    const lines = (toldIn(objects) ?? "").split("\n").map((line) => line.split(": ")[0]?.split(", ") ?? []);
    for (const { name } of told) {
      it(name, () => {
        assert.equal(lines.flat().filter((each) => each === name).length, 1, lines.join("\n"));
      });
    }

    it("nothing else is named", () => {
      assert.deepEqual(lines.flat().toSorted(), told.map(({ name }) => name).toSorted());
    });

    it("are told after the installation", () => {
      const done = runHelm(
        ["install", "--dry-run=client"],
        allOf([{ name: "auditInterval", value: 5 }, ...told.slice(-1)]),
      );
      assert.equal(done.status, 0, done.stderr);
      const notes = done.stdout.slice(done.stdout.indexOf("NOTES:"));
      assert.match(notes, /^auditInterval: audit comes with a later version$/m);
      assert.match(notes, /^controllerManager.replicas: neither this chart nor Gatekeeper's has such a value$/m);
    });

    it("are none where nothing is given", () => {
      assert.equal(toldIn(plain), undefined);
    });
  });

  it("that are null ask for nothing", () => {
    const names = [
      "service",
      "controllerManager.tlsMinVersion",
      "controllerManager.securityContext",
      "controllerManager.affinity",
      "podAnnotations",
      "validatingWebhookExemptNamespacesLabels",
      "postInstall.labelNamespace.extraNamespaces",
      "commonLabels",
      "audit",
      "metricsBackends",
    ];
    const objects = rendered(allOf(names.map((name) => ({ name, value: null }))));
    assert.deepEqual([...objects.keys()], [...plain.keys()]);
    assert.equal(toldIn(objects), undefined);
    const containers: Place = ["Deployment gatekeeper-controller-manager", "spec", "template", "spec", "containers"];
    assert.deepEqual(seen(objects, [...containers, "0", "args"]), seen(plain, [...containers, "0", "args"]));
    assert.deepEqual(seen(objects, [...containers, "0", "securityContext"]), {
      seccompProfile: { type: "RuntimeDefault" },
    });
    const service: Place = ["Service gatekeeper-webhook-service", "spec"];
    assert.deepEqual(seen(objects, service), seen(plain, service));
  });

  describe("that are refused", () => {
    for (const { name, value, says, with: beside = {} } of refused) {
      it(`${name}: ${JSON.stringify(value)}`, () => {
        const done = runHelm(["template"], merged(beside, valueOf(name, value)));
        assert.notEqual(done.status, 0);
        assert.match(done.stderr, says);
        assert.ok(done.stderr.includes(name), done.stderr);
      });
    }
  });

  it("are each in one place of the chart's table, and in the rows here", () => {
    const { honoured: taken, told: without_, refused: not } = table();
    const all = [...taken, ...without_, ...not];
    assert.equal(new Set(all).size, all.length);
    const tried = new Set([...rows, ...told, ...refused].map(({ name }) => name));
    // What a chart passes on that has this one as a part.
    const passedOn = ["enabled", "global"];
    assert.deepEqual(
      all.filter((name) => !tried.has(name)),
      passedOn,
    );
    const text = readFileSync(join(chart, "values.yaml"), "utf8");
    const known = new Set(all);
    const ours = defaults(readYaml(text, "values.yaml").documents[0]?.value, known);
    assert.ok(ours.length > 80);
    assert.deepEqual(
      ours.filter((name) => !taken.some((each) => each === name || each.startsWith(`${name}.`))),
      [],
    );
  });

  it("are those of the real chart", (context) => {
    const cache = process.env["GOMODCACHE"] ?? join(homedir(), "go", "pkg", "mod");
    const real = join(cache, "github.com", "open-policy-agent", "gatekeeper", "v3@v3.23.1", "charts", "gatekeeper");
    if (!existsSync(real)) {
      context.skip("Gatekeeper's module is not here");
      return;
    }
    const { honoured: taken, told: without_, refused: not } = table();
    const all = [...taken, ...without_, ...not];
    const read = (name: string): string => readFileSync(join(real, name), "utf8");
    const documented = [...read("README.md").matchAll(/^\| ([a-zA-Z][\w.]*) +\|/gm)].map((match) => match[1] ?? "");
    const used = globSync("templates/*", { cwd: real }).flatMap((name) => [
      ...[...read(name).matchAll(/\.Values\.([\w.]+)/g)].map((match) => match[1] ?? ""),
      ...[...read(name).matchAll(/hasKey \.Values(?:\.(\w+))? "(\w+)"/g)].map((match) =>
        [match[1], match[2]].filter((part) => part !== undefined).join("."),
      ),
    ]);
    const leaves = defaults(readYaml(read("values.yaml"), "values.yaml").documents[0]?.value, new Set(all));
    assert.ok(documented.length > 150 && used.length > 200 && leaves.length > 150);
    const heading = ["Parameter"];
    const isKnown = (name: string): boolean =>
      all.some((each) => each === name || each.startsWith(`${name}.`) || name.startsWith(`${each}.`));
    assert.deepEqual(
      [...new Set([...documented, ...used, ...leaves])].filter((name) => !isKnown(name) && !heading.includes(name)),
      [],
    );
  });
});

function toldIn(objects: Rendered): string | undefined {
  const deployment = objects.get("Deployment gatekeeper-controller-manager");
  const text = ownPath(deployment, "metadata", "annotations", "portcullis.dev/values-without-effect");
  return text === undefined ? undefined : String(text);
}
