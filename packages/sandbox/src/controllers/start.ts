import { startController } from "./controller.ts";
import { cronJobController } from "./cron-job.ts";
import { daemonSetController } from "./daemon-set.ts";
import { deploymentController } from "./deployment.ts";
import { disruptionBudgetController } from "./disruption-budget.ts";
import { endpointsController } from "./endpoints.ts";
import { expireEvents } from "./event-expiry.ts";
import { jobController } from "./job.ts";
import { publishApiService } from "./api-service.ts";
import { namespaceContents } from "./namespace-contents.ts";
import { replicaSetController } from "./replica-set.ts";
import { statefulSetController } from "./stateful-set.ts";
import type { ControllerFailure } from "./controller.ts";
import type { Api } from "../server/api.ts";

/** What the controllers are told. */
export interface ControllersOptions {
  /** The certificate of the API server's CA, in PEM: every namespace gets it in a ConfigMap. */
  readonly certificate: string;
  /** Told of what a controller could not do; it tries again by itself. */
  readonly failed?: ControllerFailure;
}

/** Starts what a cluster's controller manager runs, as far as the sandbox has it. */
export function startControllers(api: Api, options: ControllersOptions): { close(): void } {
  const failed = options.failed ?? (() => undefined);
  const stops = [
    ...namespaceContents(options.certificate),
    deploymentController,
    replicaSetController,
    statefulSetController,
    daemonSetController,
    jobController,
    cronJobController,
    endpointsController,
    disruptionBudgetController,
  ].map((controller) => startController(api, controller, failed));
  stops.push(expireEvents(api, failed));
  void publishApiService(api).catch((error: unknown) => failed("the Service of the API server", error));
  return {
    close: () => {
      for (const stop of stops) stop();
    },
  };
}
