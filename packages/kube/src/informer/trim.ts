import { own, type JsonObject } from "@portcullis/objects";

/** The object without the record of who set which field. The object itself is not changed. */
export function withoutManagedFields(object: JsonObject): JsonObject {
  const metadata = own(object, "metadata");
  if (own(metadata, "managedFields") === undefined) return object;
  // as: only an object has own fields
  const { managedFields: _managedFields, ...kept } = metadata as JsonObject;
  return { ...object, metadata: kept };
}
