import { groupVersionKindOf } from "@portcullis/objects";
import { isConstraint, isTemplate } from "@portcullis/policy";
import type { Manifest } from "./manifest.ts";

/** What is applied one after another, each part when the one before it is in force. */
export interface Phases {
  /** Kinds that others may be of. */
  readonly definitions: readonly Manifest[];
  readonly templates: readonly Manifest[];
  readonly constraints: readonly Manifest[];
  /** Everything else, in the order that it was given in: by then the constraints hold for it. */
  readonly rest: readonly Manifest[];
}

/** Sorts what was given; within a part the order stays. */
export function phasesOf(manifests: readonly Manifest[]): Phases {
  const isDefinition = ({ object }: Manifest): boolean => {
    const { group, kind } = groupVersionKindOf(object);
    return group === "apiextensions.k8s.io" && kind === "CustomResourceDefinition";
  };
  const [definitions, templates, constraints] = [
    isDefinition,
    ({ object }: Manifest) => isTemplate(object),
    ({ object }: Manifest) => isConstraint(object),
  ].map((belongs) => manifests.filter(belongs));
  const early = new Set([...(definitions ?? []), ...(templates ?? []), ...(constraints ?? [])]);
  return {
    definitions: definitions ?? [],
    templates: templates ?? [],
    constraints: constraints ?? [],
    rest: manifests.filter((manifest) => !early.has(manifest)),
  };
}
