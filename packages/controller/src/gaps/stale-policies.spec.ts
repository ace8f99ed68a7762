import assert from "node:assert/strict";
import { test } from "node:test";
import type { InformerTrouble } from "@portcullis/kube";
import { InstantClock } from "@portcullis/kube/testing";
import { silentLog } from "../log/log.ts";
import type { Gap } from "./gap.ts";
import { Gaps } from "./gaps.ts";
import { StalePolicies, type Unfollowed } from "./stale-policies.ts";

test("a cluster that is not followed for long is told, once, and so is that it is followed again", async () => {
  const clock = new InstantClock();
  const said: string[] = [];
  const gaps = new Gaps({
    log: silentLog,
    observer: {
      opened: ({ message }: Gap) => void said.push(`${clock.now()} ${message}`),
      closed: ({ kind }: Gap) => void said.push(`${clock.now()} ${kind} closed`),
      tell: () => {},
    },
    mayTell: () => true,
  });
  const trouble = (since: number, message: string): InformerTrouble => ({ since, message, code: undefined });
  const troubles = (): readonly Unfollowed[] => {
    if (clock.now() >= 100_000) return [];
    if (clock.now() < 20_000) return [["the Config", trouble(1000, "a moment")]];
    const kinds = ["one", "two", "three", "four"].map((kind): Unfollowed => [kind, trouble(20_000, "forbidden")]);
    return [...kinds, ["late", trouble(clock.now(), "a moment")]];
  };
  const watching = new StalePolicies({ clock, gaps, unfollowed: troubles });
  watching.start();
  while (clock.now() < 120_000) await new Promise((resolve) => setImmediate(resolve));
  await watching.stop();
  assert.deepEqual(said, [
    "50000 the cluster is not followed: one (forbidden), two (forbidden), three (forbidden) and 1 more; what was in force there stays in force, and what has changed since does not count yet",
    "100000 stale-policies closed",
  ]);
});
