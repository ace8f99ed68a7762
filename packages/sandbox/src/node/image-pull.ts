/** What an image's name comes to when the node goes to pull it. */
export type ImageName =
  | {
      readonly ok: true;
      readonly registry: string;
      readonly repository: string;
      /** A tag or a digest. */
      readonly reference: string;
      /** All of it, with what was left out filled in: `docker.io/library/nginx:latest`. */
      readonly full: string;
    }
  | { readonly ok: false; readonly message: string };

const component = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const repositoryPattern = new RegExp(`^${component}(?:/${component})*$`, "u");
const tagPattern = /^\w[\w.-]{0,127}$/u;
const digestPattern = /^[a-z0-9]+(?:[+._-][a-z0-9]+)*:[0-9a-fA-F]{32,}$/u;

/** Reads an image's name as the container runtime does: without a registry it is Docker Hub's. */
export function imageName(image: string): ImageName {
  const [named = "", digest] = image.split("@", 2);
  const slash = named.indexOf("/");
  const first = slash < 0 ? "" : named.slice(0, slash);
  const hasRegistry = first.includes(".") || first.includes(":") || first === "localhost";
  const registry = hasRegistry ? first.replace(/^index\.docker\.io$/u, "docker.io") : "docker.io";
  const rest = hasRegistry ? named.slice(slash + 1) : named;
  const colon = rest.indexOf(":");
  const path = colon < 0 ? rest : rest.slice(0, colon);
  const tag = colon < 0 ? undefined : rest.slice(colon + 1);
  const repository = registry === "docker.io" && !path.includes("/") ? `library/${path}` : path;
  const lower = repositoryPattern.test(repository);
  const valid =
    lower && (tag === undefined || tagPattern.test(tag)) && (digest === undefined || digestPattern.test(digest));
  if (!valid) {
    const why =
      repositoryPattern.test(repository.toLowerCase()) && !lower
        ? `repository name (${repository}) must be lowercase`
        : "";
    const text = why === "" ? "invalid reference format" : `invalid reference format: ${why}`;
    return {
      ok: false,
      message: `Failed to apply default image tag "${image}": couldn't parse image name "${image}": ${text}`,
    };
  }
  const reference = digest ?? tag ?? "latest";
  const suffix = digest === undefined ? `:${reference}` : `${tag === undefined ? "" : `:${tag}`}@${digest}`;
  return { ok: true, registry, repository, reference, full: `${registry}/${repository}${suffix}` };
}

/** Whether the node can reach a registry, given those it is told of (`*` is every one). */
export function isReachable(registry: string, reachable: readonly string[]): boolean {
  return reachable.some(
    (each) => each === "*" || each === registry || (each === "index.docker.io" && registry === "docker.io"),
  );
}

/** What the container runtime says when the registry's name does not resolve. */
export function unreachableText(name: Extract<ImageName, { ok: true }>): string {
  const host = name.registry === "docker.io" ? "registry-1.docker.io" : name.registry;
  const url = `https://${host}/v2/${name.repository}/manifests/${name.reference}`;
  return (
    `failed to pull and unpack image "${name.full}": failed to resolve reference "${name.full}": ` +
    `failed to do request: Head "${url}": dial tcp: lookup ${host.replace(/:\d+$/u, "")}: no such host`
  );
}
