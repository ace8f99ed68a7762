import type { KindTable, Target } from "./kind-table.ts";
import type { Admission } from "./admission.ts";
import type { Store } from "../storage/store.ts";
import type { SchemaCatalogue } from "../kinds/schema-node.ts";
import type { FieldManagement } from "./field-management.ts";

/** What the registry's operations work on. */
export interface Registry {
  readonly store: Store;
  readonly kinds: KindTable;
  readonly admission: Admission;
  readonly fields: FieldManagement;
  readonly schemas: SchemaCatalogue;
}

/** What a request is about: a kind in a version, and where. */
export interface Place {
  readonly target: Target;
  /** Empty for cluster-scoped kinds. */
  readonly namespace: string;
  readonly name: string;
}

/** A place without a name yet. */
export type Collection = Omit<Place, "name">;
