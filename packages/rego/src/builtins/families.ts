import { aggregates } from "./aggregates.ts";
import { arrays } from "./arrays.ts";
import { comparison } from "./comparison.ts";
import type { Family } from "./family.ts";
import { evaluation } from "./evaluation.ts";
import { numbers } from "./numbers.ts";
import { objects } from "./objects.ts";
import { sets } from "./sets.ts";
import { strings } from "./strings.ts";
import { types } from "./types.ts";

/** The entries of a family that is there. */
function at(family: Family): [string, () => Family][] {
  return [...family.keys()].map((name) => [name, () => family]);
}

/** The names of a large family, and how its file is fetched. */
function later(names: readonly string[], load: () => Promise<Family>): [string, () => Promise<Family>][] {
  return names.map((name) => [name, load]);
}

const certificateNames: readonly string[] = [
  "crypto.parse_private_keys",
  "crypto.x509.parse_and_verify_certificates",
  "crypto.x509.parse_and_verify_certificates_with_options",
  "crypto.x509.parse_certificate_request",
  "crypto.x509.parse_certificates",
  "crypto.x509.parse_keypair",
  "crypto.x509.parse_rsa_private_key",
];

const encodingNames: readonly string[] = [
  ...["encode", "decode", "is_valid"].map((name) => `base64.${name}`),
  ...["encode", "encode_no_pad", "decode"].map((name) => `base64url.${name}`),
  ...["encode", "decode"].map((name) => `hex.${name}`),
  ...["encode", "decode", "encode_object", "decode_object"].map((name) => `urlquery.${name}`),
  ...["parse", "is_valid"].map((name) => `uri.${name}`),
];

const networkNames: readonly string[] = [
  ...["contains", "overlap", "contains_matches", "intersects", "expand", "is_valid", "merge"].map(
    (name) => `net.cidr_${name}`,
  ),
  "net.lookup_ip_addr",
];

/** The names in `io.jwt`. */
function tokenNames(): string[] {
  const sizes = ["hs", "rs", "ps", "es"].flatMap((kind) => [256, 384, 512].map((bits) => `${kind}${bits}`));
  const verifiers = [...sizes, "eddsa"].map((algorithm) => `verify_${algorithm}`);
  return ["decode", "decode_verify", "encode_sign", "encode_sign_raw", ...verifiers].map((name) => `io.jwt.${name}`);
}

/** Where each builtin is. What most policies use is there at once; the rest is fetched when a policy uses it. */
export const families: ReadonlyMap<string, () => Family | Promise<Family>> = new Map<
  string,
  () => Family | Promise<Family>
>([
  ...at(comparison),
  ...at(numbers),
  ...at(aggregates),
  ...at(arrays),
  ...at(sets),
  ...at(objects),
  ...at(strings),
  ...at(types),
  ...at(evaluation),
  ...later(["graph.reachable", "graph.reachable_paths", "walk"], () =>
    import("./graph.ts").then((module) => module.graph),
  ),
  ...later(
    ["filter", "is_valid", "marshal", "marshal_with_options", "patch", "remove", "unmarshal"].map((n) => `json.${n}`),
    () => import("./json.ts").then((module) => module.json),
  ),
  ...later(encodingNames, () => import("./encodings.ts").then((module) => module.encodings)),
  ...later(["units.parse", "units.parse_bytes"], () => import("./units.ts").then((module) => module.units)),
  ...later(networkNames, () => import("./net.ts").then((module) => module.net)),
  ...later(
    ["is_valid", "parse", "parse_and_verify", "parse_query", "parse_schema", "schema_is_valid"].map(
      (name) => `graphql.${name}`,
    ),
    () => import("./graphql/graphql.ts").then((module) => module.graphql),
  ),
  ...later(["semver.compare", "semver.is_valid"], () => import("./semver.ts").then((module) => module.semver)),
  ...later(["uuid.parse", "uuid.rfc4122"], () => import("./uuid.ts").then((module) => module.uuid)),
  ...later(["providers.aws.sign_req"], () => import("./aws.ts").then((module) => module.aws)),
  ...later(certificateNames, () => import("./x509/x509.ts").then((module) => module.x509)),
  ...later(
    [
      "re_match",
      ...["find_all_string_submatch_n", "find_n", "globs_match", "is_valid", "match", "replace", "split"].map(
        (name) => `regex.${name}`,
      ),
      "regex.template_match",
    ],
    () => import("./regex/regex.ts").then((module) => module.regexFamily()),
  ),
  ...later(["glob.match", "glob.quote_meta"], () => import("./regex/glob.ts").then((module) => module.globFamily())),
  ...later(
    ["add_date", "clock", "date", "diff", "format", "now_ns", "parse_duration_ns", "parse_ns"]
      .concat("parse_rfc3339_ns", "weekday")
      .map((name) => `time.${name}`),
    () => import("./time/time.ts").then((module) => module.timeFamily()),
  ),
  ...later(["yaml.is_valid", "yaml.marshal", "yaml.unmarshal"], () =>
    import("./yaml/yaml.ts").then((module) => module.yaml),
  ),
  ...later(
    ["hmac.equal", "hmac.md5", "hmac.sha1", "hmac.sha256", "hmac.sha512", "md5", "sha1", "sha256"].map(
      (name) => `crypto.${name}`,
    ),
    () => import("./crypto.ts").then((module) => module.crypto),
  ),
  ...later(["strings.render_template"], () => import("./template/template.ts").then((module) => module.template)),
  ...later(["json.match_schema", "json.verify_schema"], () =>
    import("./json-schema/json-schema.ts").then((module) => module.jsonSchemaFamily()),
  ),
  ...later(["http.send"], () => import("./http.ts").then((module) => module.http)),
  ...later(["rego.parse_module", "rego.metadata.chain", "rego.metadata.rule"], () =>
    import("./parse-module.ts").then((module) => module.parseModuleFamily),
  ),
  ...later(tokenNames(), () => import("./jwt/jwt.ts").then((module) => module.jwt)),
]);
