import { fullName } from "./built-in-schemas.ts";
import { allVerbs } from "./kind.ts";
import type { Kind, PrinterColumn } from "./kind.ts";

/** What a row of the tables of built-in kinds must say; the rest has the value that most kinds have. */
export interface BuiltIn extends Partial<Omit<Kind, "kind" | "plural" | "versions" | "origin">> {
  readonly kind: string;
  readonly plural: string;
  readonly columns?: readonly PrinterColumn[];
  /** The short name of the published schema: `core.v1.Pod`. */
  readonly schema: string;
  /** The text that users of the version are warned with. */
  readonly deprecated?: string;
}

/** Makes a kind of a row: namespaced, version v1, every verb, no status subresource, unless the row says otherwise. */
export function builtIn({ columns, schema, deprecated, ...row }: BuiltIn): Kind {
  const version = schema.split(".")[1] ?? "v1";
  return {
    group: "",
    singular: row.kind.toLowerCase(),
    shortNames: [],
    categories: [],
    namespaced: true,
    verbs: allVerbs,
    storageVersion: version,
    statusSubresource: false,
    tracksGeneration: false,
    ...row,
    versions: [
      {
        name: version,
        served: true,
        schema: { $ref: fullName(schema) },
        ...(columns === undefined ? {} : { columns }),
        ...(deprecated === undefined ? {} : { deprecated }),
      },
    ],
    origin: "builtin",
  };
}

/** The scale subresource of workloads whose selector is kept as text in the status is none of these: it is in spec. */
export const scalePaths: NonNullable<Kind["scale"]> = {
  specReplicasPath: ".spec.replicas",
  statusReplicasPath: ".status.replicas",
  labelSelectorPath: ".spec.selector",
};
