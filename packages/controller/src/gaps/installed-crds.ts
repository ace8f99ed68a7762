/** The CRDs that the product stands on. Whoever deletes one deletes every object of its kind. */
import { Informer, withoutManagedFields, type Clock, type KubeClient } from "@portcullis/kube";
import { nameOf } from "@portcullis/objects";
import { installedCrds } from "@portcullis/policy";
import type { Log } from "../log/log.ts";
import { customResourceDefinitions } from "../resources.ts";
import type { Gaps } from "./gaps.ts";

/** What watching over them needs. */
export interface InstalledCrdsOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly gaps: Gaps;
}

/** Says when one of the installed CRDs is deleted, and when it is back. */
export function watchInstalledCrds({ client, clock, log, gaps }: InstalledCrdsOptions): Informer {
  const ours = new Set(installedCrds.map(nameOf));
  const kind = "custom-resource-definition";
  return new Informer({
    client,
    clock,
    resource: customResourceDefinitions,
    selection: { labelSelector: "gatekeeper.sh/system=yes" },
    // That it is there is all that matters.
    trim: (crd) => ({ metadata: withoutManagedFields(crd)["metadata"] ?? {} }),
    onChange: (change) => {
      const name = nameOf(change.object);
      if (!ours.has(name)) return;
      if (change.kind !== "deleted") return gaps.close(kind, name);
      const message = `the CRD ${name} was deleted, and every object of its kind with it: policies that were in force stay in force in the replicas that run, until they are applied anew`;
      gaps.open({ kind, objectKind: "CustomResourceDefinition", name, message });
    },
    onNote: (note) => {
      log.debug("watch of the installed CRDs", { ...note });
    },
  });
}
