/** An error of Node's network in the words that Go has for it: what policies and their tests were written against. */

/** Go's text for an error of the system, by Node's code. */
const systemTexts: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "connection refused"],
  ["ECONNRESET", "connection reset by peer"],
  ["ECONNABORTED", "software caused connection abort"],
  ["EHOSTUNREACH", "no route to host"],
  ["ENETUNREACH", "network is unreachable"],
  ["ETIMEDOUT", "connection timed out"],
  ["EADDRNOTAVAIL", "cannot assign requested address"],
  ["EACCES", "permission denied"],
  ["EPERM", "operation not permitted"],
  ["ENOENT", "no such file or directory"],
  ["ENOTDIR", "not a directory"],
  ["EISDIR", "is a directory"],
  ["ENOTSOCK", "socket operation on non-socket"],
  ["EPROTOTYPE", "protocol wrong type for socket"],
  ["EINVAL", "invalid argument"],
  ["EPIPE", "broken pipe"],
  ["EMFILE", "too many open files"],
]);

/** What Node tells of an error besides its message. */
interface SystemError {
  readonly code: string;
  readonly message: string;
  readonly syscall: string;
  readonly address: string;
  readonly port: string;
}

/** An error's own fields, whatever was thrown. Of several attempts to connect, the first tells. */
export function systemErrorOf(error: unknown): SystemError {
  if (error instanceof AggregateError && error.errors.length > 0) return systemErrorOf(error.errors[0]);
  const text = (name: string): string => {
    if (typeof error !== "object" || error === null || !(name in error)) return "";
    // as: `in` has found it
    return String((error as Readonly<Record<string, unknown>>)[name]);
  };
  return {
    code: text("code"),
    message: error instanceof Error ? error.message : String(error),
    syscall: text("syscall"),
    address: text("address"),
    port: text("port"),
  };
}

/** The system's reason, as Go words it. */
export function systemText({ code, message }: SystemError): string {
  return systemTexts.get(code) ?? message;
}

/** `127.0.0.1:80`, `[::1]:80`. */
export function joinHostPort(address: string, port: string | number): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Why a connection could not be opened: `dial tcp 127.0.0.1:1: connect: connection refused`. */
export function dialText(error: unknown): string {
  const system = systemErrorOf(error);
  const { syscall, address, port } = system;
  if (syscall !== "connect") return `dial tcp: ${systemText(system)}`;
  const target = port === "" ? `unix ${address}` : `tcp ${joinHostPort(address, port)}`;
  return `dial ${target}: connect: ${systemText(system)}`;
}

/** What a reading or writing of a file came to: `open /x: no such file or directory`. */
export function fileText(error: unknown, path: string): string {
  return `open ${path}: ${systemText(systemErrorOf(error))}`;
}
