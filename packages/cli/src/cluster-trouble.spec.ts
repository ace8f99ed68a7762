import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startSandbox, type Sandbox } from "@portcullis/sandbox";
import { run } from "./run.ts";
import { recordingTerminal } from "./testing.ts";

let folder = "";
let sandbox: Sandbox | undefined;
let other: Sandbox | undefined;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "cluster-trouble-spec-"));
  sandbox = await startSandbox({ controllers: false });
  other = await startSandbox({ controllers: false });
  writeFileSync(
    join(folder, "map.yaml"),
    "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  namespace: default\n",
  );
});
after(async () => {
  await sandbox?.close();
  await other?.close();
  rmSync(folder, { recursive: true, force: true });
});

const addressOf = (text: string): string => /https:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0] ?? "";
const own = (): string => sandbox?.kubeconfig ?? "";

const troubles: readonly (readonly [what: string, kubeconfig: () => string, says: RegExp])[] = [
  [
    "a server that is gone",
    () => own().replace(addressOf(own()), "https://127.0.0.1:1"),
    /^the cluster at https:\/\/127\.0\.0\.1:1 cannot be (asked|read): nobody listens there \(.+\)\n\S+config names it; see that the cluster is up, or name another kubeconfig with --kubeconfig or KUBECONFIG\n$/,
  ],
  [
    "a name with two addresses at which nobody listens",
    () => own().replace(addressOf(own()), "https://localhost:1"),
    /^the cluster at https:\/\/localhost:1 cannot be (asked|read): nobody listens there \(.*ECONNREFUSED.*\)\n/,
  ],
  [
    "a kubeconfig of another cluster that had this address",
    () => own().replace(addressOf(own()), addressOf(other?.kubeconfig ?? "")),
    /cannot be (asked|read): its certificate is not of the authority that the kubeconfig names \([A-Z_]+\)\n\S+config may be of a cluster that was at this address before; get its kubeconfig anew, or /,
  ],
  [
    "a token that does not hold",
    () => own().replace(sandbox?.token ?? "-", "no-such-token"),
    /cannot be (asked|read): .*: Unauthorized\nthe credentials in \S+config do not hold there; sign in anew, or /,
  ],
];
for (const [what, kubeconfig, says] of troubles) {
  for (const argv of [
    ["apply", "-f", "map.yaml"],
    ["migrate", "--check"],
  ] as const) {
    test(`${what}, met by ${argv[0]}: which cluster, why and what to do`, async () => {
      const path = join(folder, "config");
      writeFileSync(path, kubeconfig());
      const terminal = recordingTerminal({ directory: folder, environment: { KUBECONFIG: path } });
      assert.equal(await run(argv, terminal), 1);
      assert.match(terminal.written.error, says);
    });
  }
}
