import { lstat, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { httpsTransport, KubeClient, readKubeconfig } from "@portcullis/kube";
import { isJsonObject, own, readJson } from "@portcullis/objects";
import { CommandError } from "../command-error.ts";
import { whyUnreadable } from "../files/why-unreadable.ts";

/** A kubeconfig on its way to where it is to be. */
export interface PlacedKubeconfig {
  readonly path: string;
  /** Where it stands until it is published. */
  readonly draft: string;
  /** Gives it its name. Whoever waits for the file may then count on everything being in force. */
  publish(): Promise<void>;
  /** Takes it away, unless something else stands there by now. */
  remove(): Promise<void>;
}

/** How long a server that an old kubeconfig names may take to show that it is still there. */
const patienceMilliseconds = 2000;

/** Writes a sandbox's kubeconfig where only its owner reads it; throws `CommandError` where something stands in the way. */
export async function placeKubeconfig(
  wanted: string | undefined,
  directory: string,
  text: string,
): Promise<PlacedKubeconfig> {
  const folder = wanted === undefined ? await mkdtemp(join(tmpdir(), "portcullis-")) : undefined;
  const at = folder === undefined ? resolve(directory, wanted ?? "") : join(folder, "kubeconfig");
  const draft = `${at}.starting`;
  try {
    await mkdir(dirname(at), { recursive: true });
    await leaveWhatIsNotOurs(at);
    // Both are taken away first: the mode counts only for a file that is made, and an old one is of no server any more.
    await rm(at, { force: true });
    await rm(draft, { force: true });
    await writeFile(draft, text, { mode: 0o600 });
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(
      `cannot write the kubeconfig ${at}: ${whyUnreadable(error)}\nname another file with --kubeconfig`,
      { cause: error },
    );
  }
  return {
    path: at,
    draft,
    publish: () => rename(draft, at),
    async remove() {
      await rm(draft, { force: true });
      if ((await contentOf(at)) === text) await rm(at, { force: true });
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A kubeconfig of the user's own is never written over, nor that of a sandbox that still serves. */
async function leaveWhatIsNotOurs(at: string): Promise<void> {
  const found = await lstat(at).catch(() => undefined);
  if (found === undefined) return;
  const text = found.isFile() ? await readFile(at, "utf8") : undefined;
  // An empty file is what mktemp leaves.
  if (text === "") return;
  if (text === undefined || !isOfSandbox(text)) {
    throw new CommandError(
      `${at} is there already, and is not the kubeconfig of a sandbox, so it is left as it is\nname another file with --kubeconfig`,
    );
  }
  const url = await servingAt(at);
  if (url === undefined) return;
  throw new CommandError(
    `${at} is the kubeconfig of another sandbox, which serves at ${url}\nname another file with --kubeconfig, or end that sandbox first`,
  );
}

function isOfSandbox(text: string): boolean {
  const read = readJson(text);
  return read.ok && isJsonObject(read.value) && own(read.value, "current-context") === "portcullis-sandbox";
}

/** Where the server of a kubeconfig answers; undefined where it is gone, or another one has its port by now. */
async function servingAt(path: string): Promise<string | undefined> {
  const config = await readKubeconfig(path);
  if (!config.ok) return undefined;
  const client = new KubeClient(httpsTransport(config.value, "portcullis"));
  const late = AbortSignal.timeout(patienceMilliseconds);
  try {
    await Promise.race([
      client.discover("", "v1"),
      new Promise((_resolve, reject) => {
        late.addEventListener("abort", () => reject(new Error("no answer")), { once: true });
      }),
    ]);
    return config.value.server;
  } catch {
    return undefined;
  } finally {
    client.close();
  }
}

async function contentOf(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch(() => undefined);
}
