import { ApiError, type ClusterConfig } from "@portcullis/kube";
import { CommandError } from "./command-error.ts";

/** What a command wanted of a cluster, and by which file it found it. */
export interface ClusterErrand {
  readonly cluster: ClusterConfig;
  /** In the past, as in "asked". */
  readonly done: string;
  /** What `--kubeconfig` names; nothing where it is empty. */
  readonly kubeconfig: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A cluster that does not answer as it should: which it is, why, and what to do. */
export function clusterTrouble(
  error: unknown,
  { cluster, done, kubeconfig, environment }: ClusterErrand,
): CommandError {
  const named = environment["KUBECONFIG"] ?? "";
  const place = kubeconfig !== "" ? kubeconfig : named === "" ? "~/.kube/config" : named;
  const cause = firstOf(error);
  const { why, advice } = explain(cause);
  return new CommandError(
    `the cluster at ${cluster.server} cannot be ${done}: ${why}${advice === undefined ? "" : `\n${advice(place)}`}`,
    { cause: error },
  );
}

/** A name with several addresses fails once for each of them, and the whole says nothing itself. */
function firstOf(error: unknown): unknown {
  return error instanceof AggregateError && error.message === "" ? (error.errors[0] ?? error) : error;
}

interface Explanation {
  readonly why: string;
  readonly advice?: (place: string) => string;
}

const another = "name another kubeconfig with --kubeconfig or KUBECONFIG";

/** Nobody could be spoken to. */
const unreached: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "nobody listens there"],
  ["ECONNRESET", "the connection was broken off"],
  ["ENOTFOUND", "the name of its host is not known"],
  ["EAI_AGAIN", "the name of its host cannot be looked up now"],
  ["ETIMEDOUT", "it does not answer"],
  ["EHOSTUNREACH", "its host cannot be reached"],
  ["ENETUNREACH", "its network cannot be reached"],
]);

/** Somebody answers whose certificate another authority has made, or nobody that is known. */
const untrusted: ReadonlySet<string> = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "CERT_SIGNATURE_FAILURE",
]);

function explain(error: unknown): Explanation {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof ApiError && error.status.code === 401) {
    return {
      why: message,
      advice: (place) => `the credentials in ${place} do not hold there; sign in anew, or ${another}`,
    };
  }
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const reason = unreached.get(code);
  if (reason !== undefined) {
    return {
      why: `${reason} (${message})`,
      advice: (place) => `${place} names it; see that the cluster is up, or ${another}`,
    };
  }
  if (untrusted.has(code)) {
    return {
      why: `its certificate is not of the authority that the kubeconfig names (${code})`,
      advice: (place) =>
        `${place} may be of a cluster that was at this address before; get its kubeconfig anew, or ${another}`,
    };
  }
  return { why: message };
}
