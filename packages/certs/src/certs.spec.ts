import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { createServer, request as httpsRequest } from "node:https";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import {
  createAuthority,
  issueCertificate,
  isDueForRenewal,
  isSignedByOneOf,
  overlapTrust,
  splitPem,
} from "./index.ts";

const day = 86_400_000;
const now = new Date();
const validity = { notBefore: new Date(now.getTime() - day), notAfter: new Date(now.getTime() + 10 * day) };

for (const algorithm of ["ec-p256", "rsa-2048"] as const) {
  test(`a leaf of ${algorithm} serves TLS to a client that trusts the authority alone`, async () => {
    const authority = await createAuthority({ commonName: "test-ca", organization: "test", algorithm, ...validity });
    const leaf = await issueCertificate(authority, {
      commonName: "server",
      names: ["localhost", "service.ns.svc", "127.0.0.1", "::1"],
      algorithm,
      ...validity,
    });
    const server = createServer({ cert: leaf.certificate, key: leaf.privateKey }, (_request, response) => {
      response.end("served");
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    // The cast is the documented shape of a listening TCP server's address.
    const { port } = server.address() as AddressInfo;
    const ask = async (ca: string, servername?: string): Promise<string> => {
      const asked = httpsRequest({ host: "127.0.0.1", port, ca, ...(servername === undefined ? {} : { servername }) });
      asked.end();
      const [response] = await once(asked, "response");
      let text = "";
      for await (const chunk of response) text += String(chunk);
      return text;
    };
    try {
      assert.equal(await ask(authority.certificate), "served");
      assert.equal(await ask(authority.certificate, "service.ns.svc"), "served");
      await assert.rejects(ask(authority.certificate, "other.ns.svc"), { code: "ERR_TLS_CERT_ALTNAME_INVALID" });
      const stranger = await createAuthority({ commonName: "test-ca", organization: "test", ...validity });
      await assert.rejects(ask(stranger.certificate));
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
}

test("what OpenSSL reads from the certificates is what was asked for", async () => {
  const authority = await createAuthority({ commonName: "gatekeeper-ca", organization: "gatekeeper", ...validity });
  const parsed = new X509Certificate(authority.certificate);
  assert.equal(parsed.subject, "O=gatekeeper\nCN=gatekeeper-ca");
  assert.equal(parsed.ca, true);
  assert.equal(parsed.verify(parsed.publicKey), true);
  const leaf = await issueCertificate(authority, {
    commonName: "webhook",
    names: ["webhook.ns.svc", "10.0.0.1"],
    usages: ["server", "client"],
    ...validity,
  });
  const read = new X509Certificate(leaf.certificate);
  assert.equal(read.subjectAltName, "DNS:webhook.ns.svc, IP Address:10.0.0.1");
  assert.deepEqual(read.keyUsage, ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]);
  assert.equal(read.ca, false);
  assert.equal(read.checkIssued(parsed), true);
  assert.equal(isSignedByOneOf(leaf.certificate, authority.certificate), true);
});

test("a certificate is due in its window, before its time and when nobody can read it", async () => {
  const { certificate } = await createAuthority({ commonName: "ca", ...validity });
  assert.equal(isDueForRenewal(certificate, now, 9 * day), false);
  assert.equal(isDueForRenewal(certificate, now, 11 * day), true);
  assert.equal(isDueForRenewal(certificate, new Date(now.getTime() - 2 * day), 0), true);
  assert.equal(isDueForRenewal("not a certificate", now, 0), true);
});

test("a change of authority keeps the living old ones in the bundle and drops the dead", async () => {
  const old = await createAuthority({ commonName: "ca", ...validity });
  const dead = await createAuthority({
    commonName: "ca",
    notBefore: new Date(now.getTime() - 3 * day),
    notAfter: new Date(now.getTime() - day),
  });
  const next = await createAuthority({ commonName: "ca", ...validity });
  const bundle = overlapTrust(next.certificate, old.certificate + dead.certificate + next.certificate, now);
  assert.deepEqual(splitPem(bundle), [next.certificate, old.certificate]);
  const leaf = await issueCertificate(old, { commonName: "leaf", names: ["leaf"], ...validity });
  assert.equal(isSignedByOneOf(leaf.certificate, bundle), true);
  assert.equal(isSignedByOneOf(leaf.certificate, next.certificate), false);
});
