/** What a kubeconfig for one cluster and one user holds. */
export interface KubeconfigContents {
  readonly url: string;
  /** PEM. */
  readonly ca: string;
  readonly token: string;
  readonly user: string;
}

/** A kubeconfig as text. It is JSON, which every reader of YAML reads. */
export function kubeconfigText({ url, ca, token, user }: KubeconfigContents): string {
  const name = "portcullis-sandbox";
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server: url, "certificate-authority-data": Buffer.from(ca).toString("base64") } }],
    users: [{ name: user, user: { token } }],
    contexts: [{ name, context: { cluster: name, user } }],
    "current-context": name,
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}
