import { type X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import type { TLSSocket } from "node:tls";
import { joinHostPort, systemErrorOf, systemText } from "./go-error.ts";

/** OpenSSL's codes for what the other side, or its first bytes, said during the handshake. */
const alerts: readonly (readonly [code: RegExp, text: string])[] = [
  [/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST/, "http: server gave HTTP response to HTTPS client"],
  [/ALERT_CERTIFICATE_REQUIRED/, "remote error: tls: certificate required"],
  [/ALERT_UNKNOWN_CA/, "remote error: tls: unknown certificate authority"],
  [/ALERT_BAD_CERTIFICATE/, "remote error: tls: bad certificate"],
  [/ALERT_CERTIFICATE_EXPIRED/, "remote error: tls: expired certificate"],
  [/ALERT_CERTIFICATE_UNKNOWN/, "remote error: tls: unknown certificate"],
  [/ALERT_HANDSHAKE_FAILURE/, "remote error: tls: handshake failure"],
  [/ALERT_PROTOCOL_VERSION/, "remote error: tls: protocol version not supported"],
  [/ALERT_INTERNAL_ERROR/, "remote error: tls: internal error"],
  [/UNRECOGNIZED_NAME/, "remote error: tls: unrecognized name"],
  [/ALERT_NO_APPLICATION_PROTOCOL/, "remote error: tls: no application protocol"],
  [/UNSUPPORTED_PROTOCOL/, "tls: server selected unsupported protocol version"],
];

/** Why no TLS connection came about, in Go's words; the plain reason where Go's are not known. */
export function tlsText(error: unknown): string {
  const system = systemErrorOf(error);
  const alert = alerts.find(([code]) => code.test(system.code) || code.test(system.message));
  if (alert !== undefined) return alert[1];
  if (system.code === "ECONNRESET" && system.syscall !== "read") return "EOF";
  return systemText(system);
}

/** Why the other side is not believed, in the order in which Go looks: its time, its name, who vouches for it. */
export function untrustedText(socket: TLSSocket, name: string): string {
  const certificate = socket.getPeerX509Certificate();
  return `tls: failed to verify certificate: x509: ${certificate === undefined ? "no certificate" : reasonOf(socket, certificate, name)}`;
}

function reasonOf(socket: TLSSocket, certificate: X509Certificate, name: string): string {
  const now = new Date();
  const time = timeReason(certificate, now);
  if (time !== undefined) return `certificate has expired or is not yet valid: current time ${time}`;
  return nameReason(certificate, name) ?? chainReason(socket);
}

function timeReason({ validFrom, validTo }: X509Certificate, now: Date): string | undefined {
  const [from, to] = [new Date(validFrom), new Date(validTo)];
  if (now > to) return `${goTime(now)} is after ${goTime(to)}`;
  return now < from ? `${goTime(now)} is before ${goTime(from)}` : undefined;
}

function goTime(time: Date): string {
  return time.toISOString().replace(/\.[0-9]+Z$/, "Z");
}

function nameReason(certificate: X509Certificate, name: string): string | undefined {
  const alternatives = (certificate.subjectAltName ?? "").split(", ").filter((text) => text !== "");
  const names = alternatives.flatMap((text) => (text.startsWith("DNS:") ? [text.slice("DNS:".length)] : []));
  const addresses = alternatives.flatMap((text) =>
    text.startsWith("IP Address:") ? [text.slice("IP Address:".length)] : [],
  );
  const isAddress = isIP(name) !== 0;
  const matches = isAddress
    ? certificate.checkIP(name) !== undefined
    : certificate.checkHost(name, { subject: "never" }) !== undefined;
  if (matches) return undefined;
  if (isAddress) {
    if (addresses.length === 0) {
      return `cannot validate certificate for ${name} because it doesn't contain any IP SANs`;
    }
    return `certificate is valid for ${addresses.join(", ")}, not ${name}`;
  }
  if (alternatives.length === 0 && /(?:^|\n)CN=/.test(certificate.subject)) {
    return "certificate relies on legacy Common Name field, use SANs instead";
  }
  if (names.length === 0) return `certificate is not valid for any names, but wanted to match ${name}`;
  return `certificate is valid for ${names.join(", ")}, not ${name}`;
}

function chainReason(socket: TLSSocket): string {
  const error = socket.authorizationError;
  const code = error instanceof Error ? systemErrorOf(error).code : String(error);
  if (code === "INVALID_PURPOSE") return "certificate specifies an incompatible key usage";
  return "certificate signed by unknown authority";
}

/** A connection that broke: `read tcp 127.0.0.1:1->127.0.0.1:2: read: connection reset by peer`. */
export function brokenText(error: unknown, local: string, remote: string): string {
  const system = systemErrorOf(error);
  const operation = system.syscall === "write" ? "write" : "read";
  return `${operation} tcp ${local}->${remote}: ${operation}: ${systemText(system)}`;
}

/** `127.0.0.1:80` of either end of a connection. */
export function endText(address: string | undefined, port: number | undefined): string {
  return joinHostPort(address ?? "", port ?? 0);
}
