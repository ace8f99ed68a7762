import type { SchemaCatalogue } from "../kinds/schema-node.ts";
import type { RequestContext } from "../server/context.ts";
import type { FieldManagement } from "../server/field-management.ts";
import type { Target } from "../server/kind-table.ts";
import { badRequest } from "../server/refusals.ts";
import type { ApiObject, Draft } from "../storage/api-object.ts";

/** Keeps managed fields, and does server-side apply. */
export class FieldManager implements FieldManagement {
  protected readonly schemas: SchemaCatalogue;

  constructor(schemas: SchemaCatalogue) {
    this.schemas = schemas;
  }

  track(_context: RequestContext, _target: Target, draft: Draft, old: ApiObject | undefined): void {
    if (old?.metadata.managedFields === undefined) delete draft.metadata.managedFields;
  }

  apply(_context: RequestContext, _target: Target, _applied: Draft, _old: ApiObject | undefined): Draft {
    throw badRequest("server-side apply is not there yet: use client-side apply");
  }
}
