/** A real kube-apiserver with its etcd, on loopback. */
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createAuthority, issueCertificate } from "@portcullis/certs";
import { freePorts } from "../loopback.ts";
import { startProgram, untilServing, type Program } from "./program.ts";
import type { ClusterPrograms } from "./programs.ts";
import { askOverTls } from "./requests.ts";

/** An API server that serves. */
export interface ApiServer {
  readonly url: string;
  /** PEM of the authority that its certificate comes from. */
  readonly authority: string;
  /** The administrator's. */
  readonly token: string;
  /** The record of what the server of admission asked, one event a line. */
  readonly auditFile: string;
  stop(): Promise<void>;
}

/** Starts etcd and the API server; everything they keep is in the folder. */
export async function startApiServer(
  programs: ClusterPrograms,
  folder: string,
  egressFile: string,
): Promise<ApiServer> {
  const [etcdPort = 0, peerPort = 0, port = 0] = await freePorts(3);
  const identity = await writeIdentity(folder);
  const token = randomBytes(24).toString("base64url");
  writeFileSync(join(folder, "tokens.csv"), `${token},kubernetes-admin,,"system:masters"\n`, { mode: 0o600 });

  const etcdUrl = `http://127.0.0.1:${etcdPort}`;
  const peerUrl = `http://127.0.0.1:${peerPort}`;
  const etcd = startProgram(programs.etcd, [
    `--data-dir=${join(folder, "etcd")}`,
    `--listen-client-urls=${etcdUrl}`,
    `--advertise-client-urls=${etcdUrl}`,
    `--listen-peer-urls=${peerUrl}`,
    `--initial-advertise-peer-urls=${peerUrl}`,
    `--initial-cluster=default=${peerUrl}`,
    "--unsafe-no-fsync",
    "--log-level=error",
  ]);
  const auditFile = join(folder, "audit.log");
  writeFileSync(join(folder, "audit-policy.yaml"), JSON.stringify(auditPolicy));
  let server: Program | undefined;
  const stop = async (): Promise<void> => {
    // It waits a minute for open watches when asked politely, and keeps nothing that etcd does not have.
    await server?.stop("SIGKILL");
    await etcd.stop("SIGKILL");
  };
  try {
    const url = `https://127.0.0.1:${port}`;
    server = startProgram(programs.apiServer, [
      `--etcd-servers=${etcdUrl}`,
      "--bind-address=127.0.0.1",
      "--advertise-address=127.0.0.1",
      `--secure-port=${port}`,
      `--cert-dir=${join(folder, "run")}`,
      `--tls-cert-file=${identity.certificateFile}`,
      `--tls-private-key-file=${identity.keyFile}`,
      `--client-ca-file=${identity.authorityFile}`,
      `--token-auth-file=${join(folder, "tokens.csv")}`,
      "--authorization-mode=RBAC",
      `--egress-selector-config-file=${egressFile}`,
      "--service-cluster-ip-range=10.0.0.0/24",
      `--service-account-issuer=${url}`,
      `--service-account-key-file=${identity.accountKeyFile}`,
      `--service-account-signing-key-file=${identity.accountKeyFile}`,
      `--audit-policy-file=${join(folder, "audit-policy.yaml")}`,
      `--audit-log-path=${auditFile}`,
      // Whoever names an owner that must not be deleted before must have a right to that.
      "--enable-admission-plugins=OwnerReferencesPermissionEnforcement",
      // Nobody makes the default service accounts here, and Pods are to be admitted nevertheless.
      "--disable-admission-plugins=ServiceAccount",
      "--v=0",
    ]);
    const readiness = { port, authority: identity.authority, path: "/readyz" };
    await untilServing("kube-apiserver", server, async () => (await askOverTls(readiness)).status === 200);
    return { url, authority: identity.authority, token, auditFile, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What the product asks is written down, and nothing else. */
const auditPolicy = {
  apiVersion: "audit.k8s.io/v1",
  kind: "Policy",
  omitStages: ["RequestReceived"],
  rules: [
    { level: "Metadata", users: ["system:serviceaccount:gatekeeper-system:gatekeeper-admin"] },
    { level: "None" },
  ],
};

interface IdentityFiles {
  readonly authority: string;
  readonly authorityFile: string;
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly accountKeyFile: string;
}

async function writeIdentity(folder: string): Promise<IdentityFiles> {
  const notBefore = new Date(Date.now() - 3_600_000);
  const notAfter = new Date(Date.now() + 24 * 3_600_000);
  const authority = await createAuthority({ commonName: "test-cluster", notBefore, notAfter });
  const names = ["127.0.0.1", "localhost", "kubernetes.default.svc"];
  const leaf = await issueCertificate(authority, { commonName: "kube-apiserver", names, notBefore, notAfter });
  const write = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const account = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return {
    authority: authority.certificate,
    authorityFile: write("ca.crt", authority.certificate),
    certificateFile: write("tls.crt", leaf.certificate),
    keyFile: write("tls.key", leaf.privateKey),
    accountKeyFile: write("account.key", account.privateKey.export({ type: "pkcs1", format: "pem" }).toString()),
  };
}
