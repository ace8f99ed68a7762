export type { FaultRule, Faults } from "./faults/fault-box.ts";
export type { User } from "./kinds/kind.ts";
export type { Api, ApiDeleteOptions, NewObject } from "./server/api.ts";
export { StatusError, type Status, type StatusCause } from "./server/status.ts";
export { startSandbox, type Sandbox, type SandboxOptions } from "./start.ts";
export type { ApiObject, Draft, ObjectMeta, OwnerReference } from "./storage/api-object.ts";
export type { Change, ChangeType } from "./storage/store.ts";
