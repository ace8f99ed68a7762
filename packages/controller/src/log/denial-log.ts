import type { AdmissionObserver } from "../webhook/observer.ts";
import type { Log } from "./log.ts";
import { secretMask } from "./mask-secrets.ts";
import { violationFields } from "./violation-fields.ts";

/** Writes a line for every violation, whatever its action: what `--log-denies` asks for. */
export function denialLog(log: Log): AdmissionObserver {
  return {
    answered: () => {},
    violated(request, decisions) {
      const mask = secretMask(request);
      for (const decision of decisions) {
        const { process, ...fields } = violationFields(request, decision);
        log.info(`denied admission: ${mask.text(decision.result.message)}`, {
          hookType: "validation",
          semantic: true,
          process,
          details: mask.value(decision.result.details ?? null),
          ...fields,
        });
      }
    },
  };
}
