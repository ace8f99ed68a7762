import { imageName, isReachable, unreachableText } from "./image-pull.ts";
import type { Occurrence } from "../controllers/event-recorder.ts";

/** How a pull came out, and what there is to tell of it. */
export type PullOutcome =
  | { readonly kind: "pulled"; readonly occurrences: readonly Occurrence[] }
  | {
      readonly kind: "waiting";
      readonly reason: string;
      readonly message: string;
      /** Milliseconds until something changes by itself. */
      readonly again: number | undefined;
      readonly occurrences: readonly Occurrence[];
    };

interface Failure {
  readonly image: string;
  readonly count: number;
  readonly text: string;
  /** Until then the status is that of the pull, from then on that of the pause. */
  readonly pauseFrom: number;
  readonly retryAt: number;
  readonly pauseTold: boolean;
}

const pullShownFor = 300;
const firstPause = 10_000;
const longestPause = 300_000;

/** What the node's container runtime does about images: it knows which it has, and how long to wait after a failure. */
export class ImagePuller {
  readonly #reachable: readonly string[];
  readonly #present = new Set<string>();
  readonly #failures = new Map<string, Failure>();

  constructor(reachableRegistries: readonly string[]) {
    this.#reachable = reachableRegistries;
  }

  /** Pulls the image of a container, or says how the last failure stands. `key` is the container's own. */
  pull(key: string, image: string, policy: string, now: number): PullOutcome {
    const failure = this.#failures.get(key);
    if (failure !== undefined && failure.image === image && now < failure.retryAt) {
      return this.#pausing(key, failure, now);
    }
    const name = imageName(image);
    if (!name.ok) return waiting("InvalidImageName", name.message, [failed("Error: InvalidImageName")]);
    const present = this.#present.has(name.full);
    if (policy === "Never" && !present) {
      const text = `Container image "${image}" is not present with pull policy of Never`;
      return waiting("ErrImageNeverPull", text, [failed("Error: ErrImageNeverPull")]);
    }
    if (present && policy !== "Always") {
      return {
        kind: "pulled",
        occurrences: [normal("Pulled", `Container image "${image}" already present on machine`)],
      };
    }
    const pulling = normal("Pulling", `Pulling image "${image}"`);
    if (isReachable(name.registry, this.#reachable)) {
      this.#present.add(name.full);
      this.#failures.delete(key);
      const text = `Successfully pulled image "${image}" in 1ms (1ms including waiting). Image size: 0 bytes.`;
      return { kind: "pulled", occurrences: [pulling, normal("Pulled", text)] };
    }
    const text = unreachableText(name);
    const count = failure?.image === image ? failure.count + 1 : 1;
    const pause = Math.min(firstPause * 2 ** (count - 1), longestPause);
    this.#failures.set(key, {
      image,
      count,
      text,
      pauseFrom: now + pullShownFor,
      retryAt: now + pullShownFor + pause,
      pauseTold: false,
    });
    return {
      kind: "waiting",
      reason: "ErrImagePull",
      message: text,
      again: pullShownFor,
      occurrences: [pulling, failed(`Failed to pull image "${image}": ${text}`), failed("Error: ErrImagePull")],
    };
  }

  /** Forgets the containers of a Pod that is gone. */
  forget(prefix: string): void {
    for (const key of this.#failures.keys()) if (key.startsWith(prefix)) this.#failures.delete(key);
  }

  #pausing(key: string, failure: Failure, now: number): PullOutcome {
    const { image, text, pauseFrom, retryAt, pauseTold } = failure;
    if (now < pauseFrom) {
      return { kind: "waiting", reason: "ErrImagePull", message: text, again: pauseFrom - now, occurrences: [] };
    }
    const message = `Back-off pulling image "${image}"`;
    const occurrences = pauseTold ? [] : [normal("BackOff", message), failed("Error: ImagePullBackOff")];
    this.#failures.set(key, { ...failure, pauseTold: true });
    return {
      kind: "waiting",
      reason: "ImagePullBackOff",
      message: `${message}: ErrImagePull: ${text}`,
      again: retryAt - now,
      occurrences,
    };
  }
}

function waiting(reason: string, message: string, occurrences: readonly Occurrence[]): PullOutcome {
  const told = [
    {
      type: "Warning",
      reason: reason === "InvalidImageName" ? "InspectFailed" : "ErrImageNeverPull",
      message,
    } as const,
  ];
  return { kind: "waiting", reason, message, again: undefined, occurrences: [...told, ...occurrences] };
}

function normal(reason: string, message: string): Occurrence {
  return { type: "Normal", reason, message };
}

function failed(message: string): Occurrence {
  return { type: "Warning", reason: "Failed", message };
}
