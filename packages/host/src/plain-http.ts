/**
 * Node's HTTP. An `import` of `node:http` gives a value to each of its names, and `WebSocket` among them brings a client
 * of its own along: seven MiB and forty milliseconds that nobody here has use for. Whoever asks for the module itself is
 * spared that. Its types are imported as ever.
 */
const http: typeof import("node:http") = process.getBuiltinModule("node:http");

/** `Agent` of `node:http`. */
export const HttpAgent: typeof http.Agent = http.Agent;
/** `createServer` of `node:http`. */
export const createHttpServer: typeof http.createServer = http.createServer;
/** `request` of `node:http`. */
export const httpRequest: typeof http.request = http.request;
