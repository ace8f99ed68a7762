import assert from "node:assert/strict";
import { test } from "node:test";
import { imageName, isReachable } from "./image-pull.ts";
import { ImagePuller } from "./image-puller.ts";

test("an image's name is filled in as the runtime does", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["nginx", "docker.io", "docker.io/library/nginx:latest"],
    ["a/b:1", "docker.io", "docker.io/a/b:1"],
    ["private.example.com/a/b", "private.example.com", "private.example.com/a/b:latest"],
    ["localhost/x:1", "localhost", "localhost/x:1"],
    ["host:5000/x", "host:5000", "host:5000/x:latest"],
    ["index.docker.io/a/b", "docker.io", "docker.io/a/b:latest"],
  ];
  for (const [image, registry, full] of cases) {
    const name = imageName(image);
    assert.ok(name.ok, image);
    assert.deepEqual([name.registry, name.full], [registry, full]);
  }
  assert.ok(!imageName("Upper/case").ok);
  assert.ok(!imageName("a b").ok);
});

test("a registry is reachable when it is named, not when a name begins alike", () => {
  assert.ok(isReachable("private.example.com", ["private.example.com"]));
  assert.ok(!isReachable("private.example.com.evil.test", ["private.example.com"]));
  assert.ok(isReachable("anything", ["*"]));
});

test("a pull that fails pauses, and tries again after the pause", () => {
  const puller = new ImagePuller(["private.example.com"]);
  const image = "rancherlabs/swiss-army-knife:latest";
  const first = puller.pull("pod/a", image, "Always", 0);
  assert.ok(first.kind === "waiting");
  assert.equal(first.reason, "ErrImagePull");
  assert.match(first.message, /^failed to pull and unpack image "docker\.io\/rancherlabs\/swiss-army-knife:latest": /u);
  assert.deepEqual(
    first.occurrences.map((each) => each.reason),
    ["Pulling", "Failed", "Failed"],
  );
  const second = puller.pull("pod/a", image, "Always", first.again ?? 0);
  assert.ok(second.kind === "waiting");
  assert.equal(second.reason, "ImagePullBackOff");
  assert.match(second.message, /^Back-off pulling image "rancherlabs\/swiss-army-knife:latest": ErrImagePull: /u);
  assert.deepEqual(
    second.occurrences.map((each) => each.reason),
    ["BackOff", "Failed"],
  );
  const third = puller.pull("pod/a", image, "Always", (first.again ?? 0) + (second.again ?? 0));
  assert.equal(third.kind === "waiting" && third.reason, "ErrImagePull");
});

test("an image that is there is not pulled again unless the policy says so", () => {
  const puller = new ImagePuller(["*"]);
  assert.equal(puller.pull("p/a", "x:1", "Never", 0).kind, "waiting");
  assert.deepEqual(
    puller.pull("p/a", "x:1", "IfNotPresent", 0).occurrences.map((each) => each.reason),
    ["Pulling", "Pulled"],
  );
  assert.deepEqual(
    puller.pull("q/a", "x:1", "IfNotPresent", 0).occurrences.map((each) => each.reason),
    ["Pulled"],
  );
  assert.equal(puller.pull("q/a", "x:1", "Never", 0).kind, "pulled");
});
