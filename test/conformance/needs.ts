import { NodeHost } from "@portcullis/host";
import type { Host } from "@portcullis/rego/host";

/** The outside as far as the suite may reach it: requests go to this machine alone. */
export function conformanceHost(): Host {
  const host = new NodeHost({ environment: {} });
  return {
    lookup: (name, signal) => host.lookup(name, signal),
    send: (request, caching, signal) => {
      const isHere = /^(?:unix:|https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/?#]|$))/i.test(request.url);
      if (isHere && !request.followsRedirects) return host.send(request, caching, signal);
      return Promise.resolve({ kind: "refused", why: "the conformance suite does not leave this machine" });
    },
  };
}
