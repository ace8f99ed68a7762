/** The outside of the engine under Node: HTTP and names, as `Host` of `@portcullis/rego/host` promises them. */
export { NodeHost, type NodeHostOptions } from "./node-host.ts";
