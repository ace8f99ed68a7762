import type { JsonObject } from "@portcullis/objects";
import { readRequest, type AdmissionRequest } from "./request.ts";

/** A request for tests, of some of its fields. */
export function fakeRequest(fields: JsonObject): AdmissionRequest {
  const read = readRequest(fields);
  if (!read.ok) throw new Error(read.message);
  return read.request;
}
