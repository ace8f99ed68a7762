/**
 * What a policy that was printed as a module needs to run: the runtime, the families of builtins, and the policy's
 * methods. A bundler puts the used parts of it and the policy into one file; nothing here turns text into code.
 */
export * from "./runtime/emitted.ts";
export { guard } from "./builtins/failure.ts";
export * from "./standalone/families.ts";
export { standalone, type StandalonePolicy } from "./standalone/policy.ts";
