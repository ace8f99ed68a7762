import type { GroupVersionKind, User } from "../kinds/kind.ts";
import type { ApiObject, Draft, Fields } from "../storage/api-object.ts";
import type { RequestContext } from "./context.ts";
import type { Target } from "./kind-table.ts";

/** What admission decides about. */
export interface AdmissionAttributes {
  readonly operation: "CREATE" | "UPDATE" | "DELETE" | "CONNECT";
  readonly target: Target;
  readonly subresource: string;
  /** The kind of the object under review, which for a subresource may be another than the target's. */
  readonly objectKind: GroupVersionKind;
  readonly name: string;
  readonly namespace: string;
  readonly oldObject?: ApiObject;
  /** CreateOptions, UpdateOptions, PatchOptions or DeleteOptions. */
  readonly options: Fields;
}

/** What stands between a request and the store. A refusal is thrown as StatusError. */
export interface Admission {
  /** Gives the object as mutating webhooks want it; for DELETE there is none. */
  mutate(
    context: RequestContext,
    attributes: AdmissionAttributes,
    object: Draft | undefined,
  ): Promise<Draft | undefined>;
  /** Says no, or nothing. */
  validate(context: RequestContext, attributes: AdmissionAttributes, object: ApiObject | undefined): Promise<void>;
}

/** Lets everything through. */
export const noAdmission: Admission = {
  mutate: (_context, _attributes, object) => Promise.resolve(object),
  validate: () => Promise.resolve(),
};

/** The user that stands for the server itself. */
export const loopbackUser: User = { name: "system:apiserver", groups: ["system:masters", "system:authenticated"] };
