import { builtIn } from "./built-in-kind.ts";
import { coreKinds } from "./core-kinds.ts";
import { nameAndCreation } from "./core-columns.ts";
import { podKind } from "./pod-kind.ts";
import { policyKinds } from "./policy-kinds.ts";
import { reviewKinds } from "./review-kinds.ts";
import { workloadKinds } from "./workload-kinds.ts";
import type { Kind } from "./kind.ts";

/** Every kind the server knows without a CRD; what CRDs themselves do is given by who serves them. */
export function builtInKinds(customResourceDefinition: Partial<Kind> = {}): readonly Kind[] {
  return [
    podKind,
    ...coreKinds,
    ...workloadKinds,
    ...policyKinds,
    ...reviewKinds,
    {
      ...builtIn({
        group: "apiextensions.k8s.io",
        kind: "CustomResourceDefinition",
        plural: "customresourcedefinitions",
        shortNames: ["crd", "crds"],
        categories: ["api-extensions"],
        schema: "apiextensions.v1.CustomResourceDefinition",
        namespaced: false,
        statusSubresource: true,
        tracksGeneration: true,
        columns: nameAndCreation,
      }),
      ...customResourceDefinition,
    },
  ];
}
