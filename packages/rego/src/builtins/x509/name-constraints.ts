import type { Certificate } from "./certificate.ts";
import type { IpRange, NameConstraints, Subtrees } from "./extensions.ts";

/** Whether an authority's constraints allow the names that a certificate below it is made out to. */
export function namesAllowed(constraints: NameConstraints | undefined, { known }: Certificate): boolean {
  if (constraints === undefined || known.names === undefined) return true;
  const { permitted, excluded } = constraints;
  const { dns, emails, ips, uris } = known.names;
  return (
    dns.every((name) =>
      allowed(
        permitted,
        excluded,
        (trees) => trees.dns,
        (tree) => isInDomain(name, tree),
      ),
    ) &&
    emails.every((mail) =>
      allowed(
        permitted,
        excluded,
        (trees) => trees.emails,
        (tree) => isInMailTree(mail, tree),
      ),
    ) &&
    ips.every((ip) =>
      allowed(
        permitted,
        excluded,
        (trees) => trees.ranges,
        (range) => isInRange(ip, range),
      ),
    ) &&
    uris.every((uri) =>
      allowed(
        permitted,
        excluded,
        (trees) => trees.uris,
        (tree) => isInUriTree(uri, tree),
      ),
    )
  );
}

/** In none of the excluded trees, and in one of the permitted ones where there are any. */
function allowed<T>(
  permitted: Subtrees,
  excluded: Subtrees,
  pick: (trees: Subtrees) => readonly T[],
  isIn: (tree: T) => boolean,
): boolean {
  if (pick(excluded).some(isIn)) return false;
  return pick(permitted).length === 0 || pick(permitted).some(isIn);
}

/** `x.org` holds itself and what is below it; `.x.org` what is below it alone. */
function isInDomain(name: string, tree: string): boolean {
  if (tree === "") return true;
  const [host, domain] = [name.toLowerCase(), tree.toLowerCase()];
  if (domain.startsWith(".")) return host.endsWith(domain);
  return host === domain || host.endsWith(`.${domain}`);
}

function isInMailTree(mail: string, tree: string): boolean {
  const host = mail.slice(mail.lastIndexOf("@") + 1);
  return tree.includes("@") ? mail === tree : isInDomain(host, tree);
}

function isInUriTree(uri: string, tree: string): boolean {
  const host = /^[a-z][a-z0-9+.-]*:\/\/(?:[^@/]*@)?([^:/?#]*)/i.exec(uri)?.[1] ?? "";
  return host !== "" && isInDomain(host, tree);
}

function isInRange(address: Uint8Array, { ip, mask }: IpRange): boolean {
  if (address.length !== ip.length) return false;
  return ip.every((byte, at) => (byte & (mask[at] ?? 0)) === ((address[at] ?? 0) & (mask[at] ?? 0)));
}
