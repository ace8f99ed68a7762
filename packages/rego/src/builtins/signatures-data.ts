/** What OPA 1.22 declares of its builtins: names, types, operators and traits. */
import type { Type } from "../check/type.ts";
import type { BuiltinSignature } from "./builtin.ts";

const anything: Type = { kind: "any", of: [] };
const nothing: Type = { kind: "null" };
const boolean: Type = { kind: "boolean" };
const number: Type = { kind: "number" };
const string: Type = { kind: "string" };

function oneOf(...of: readonly Type[]): Type {
  return { kind: "any", of };
}

function setOf(of: Type): Type {
  return { kind: "set", of };
}

function arrayOf(rest: Type): Type {
  return { kind: "array", items: [], rest };
}

function tuple(items: readonly Type[]): Type {
  return { kind: "array", items };
}

function mapOf(key: Type, value: Type): Type {
  return { kind: "object", properties: [], rest: { key, value } };
}

function record(properties: readonly (readonly [string, Type])[], rest?: readonly [Type, Type]): Type {
  const known = properties.map(([key, value]) => ({ key, value }));
  if (rest === undefined) return { kind: "object", properties: known };
  return { kind: "object", properties: known, rest: { key: rest[0], value: rest[1] } };
}

/** All of them, deprecated and internal ones included. */
export const builtinSignatures: readonly BuiltinSignature[] = [
  { name: "abs", args: [number], result: number },
  { name: "all", args: [oneOf(arrayOf(anything), setOf(anything))], result: boolean, deprecated: true },
  { name: "and", args: [setOf(anything), setOf(anything)], result: setOf(anything), infix: "&" },
  { name: "any", args: [oneOf(arrayOf(anything), setOf(anything))], result: boolean, deprecated: true },
  { name: "array.concat", args: [arrayOf(anything), arrayOf(anything)], result: arrayOf(anything) },
  { name: "array.flatten", args: [arrayOf(anything)], result: arrayOf(anything) },
  { name: "array.reverse", args: [arrayOf(anything)], result: arrayOf(anything) },
  { name: "array.slice", args: [arrayOf(anything), number, number], result: arrayOf(anything) },
  { name: "assign", args: [anything, anything], result: boolean, infix: ":=" },
  { name: "base64.decode", args: [string], result: string },
  { name: "base64.encode", args: [string], result: string },
  { name: "base64.is_valid", args: [string], result: boolean },
  { name: "base64url.decode", args: [string], result: string },
  { name: "base64url.encode", args: [string], result: string },
  { name: "base64url.encode_no_pad", args: [string], result: string },
  { name: "bits.and", args: [number, number], result: number },
  { name: "bits.lsh", args: [number, number], result: number },
  { name: "bits.negate", args: [number], result: number },
  { name: "bits.or", args: [number, number], result: number },
  { name: "bits.rsh", args: [number, number], result: number },
  { name: "bits.xor", args: [number, number], result: number },
  { name: "cast_array", args: [anything], result: arrayOf(anything), deprecated: true },
  { name: "cast_boolean", args: [anything], result: boolean, deprecated: true },
  { name: "cast_null", args: [anything], result: nothing, deprecated: true },
  { name: "cast_object", args: [anything], result: mapOf(anything, anything), deprecated: true },
  { name: "cast_set", args: [anything], result: setOf(anything), deprecated: true },
  { name: "cast_string", args: [anything], result: string, deprecated: true },
  { name: "ceil", args: [number], result: number },
  { name: "concat", args: [string, oneOf(arrayOf(string), setOf(string))], result: string },
  { name: "contains", args: [string, string], result: boolean },
  {
    name: "count",
    args: [oneOf(string, arrayOf(anything), mapOf(anything, anything), setOf(anything))],
    result: number,
  },
  { name: "crypto.hmac.equal", args: [string, string], result: boolean },
  { name: "crypto.hmac.md5", args: [string, string], result: string },
  { name: "crypto.hmac.sha1", args: [string, string], result: string },
  { name: "crypto.hmac.sha256", args: [string, string], result: string },
  { name: "crypto.hmac.sha512", args: [string, string], result: string },
  { name: "crypto.md5", args: [string], result: string },
  { name: "crypto.parse_private_keys", args: [string], result: arrayOf(mapOf(string, anything)) },
  { name: "crypto.sha1", args: [string], result: string },
  { name: "crypto.sha256", args: [string], result: string },
  {
    name: "crypto.x509.parse_and_verify_certificates",
    args: [string],
    result: tuple([boolean, arrayOf(mapOf(string, anything))]),
  },
  {
    name: "crypto.x509.parse_and_verify_certificates_with_options",
    args: [string, mapOf(string, anything)],
    result: tuple([boolean, arrayOf(mapOf(string, anything))]),
  },
  { name: "crypto.x509.parse_certificate_request", args: [string], result: mapOf(string, anything) },
  { name: "crypto.x509.parse_certificates", args: [string], result: arrayOf(mapOf(string, anything)) },
  { name: "crypto.x509.parse_keypair", args: [string, string], result: mapOf(string, anything) },
  { name: "crypto.x509.parse_rsa_private_key", args: [string], result: mapOf(string, anything) },
  { name: "div", args: [number, number], result: number, infix: "/" },
  { name: "endswith", args: [string, string], result: boolean },
  { name: "eq", args: [anything, anything], result: boolean, infix: "=" },
  { name: "equal", args: [anything, anything], result: boolean, infix: "==" },
  { name: "floor", args: [number], result: number },
  { name: "format_int", args: [number, number], result: string },
  { name: "glob.match", args: [string, oneOf(nothing, arrayOf(string)), string], result: boolean },
  { name: "glob.quote_meta", args: [string], result: string },
  {
    name: "graph.reachable",
    args: [mapOf(anything, oneOf(arrayOf(anything), setOf(anything))), oneOf(arrayOf(anything), setOf(anything))],
    result: setOf(anything),
  },
  {
    name: "graph.reachable_paths",
    args: [mapOf(anything, oneOf(arrayOf(anything), setOf(anything))), oneOf(arrayOf(anything), setOf(anything))],
    result: setOf(arrayOf(anything)),
  },
  {
    name: "graphql.is_valid",
    args: [oneOf(string, mapOf(anything, anything)), oneOf(string, mapOf(anything, anything))],
    result: boolean,
  },
  {
    name: "graphql.parse",
    args: [oneOf(string, mapOf(anything, anything)), oneOf(string, mapOf(anything, anything))],
    result: tuple([mapOf(anything, anything), mapOf(anything, anything)]),
  },
  {
    name: "graphql.parse_and_verify",
    args: [oneOf(string, mapOf(anything, anything)), oneOf(string, mapOf(anything, anything))],
    result: tuple([boolean, mapOf(anything, anything), mapOf(anything, anything)]),
  },
  { name: "graphql.parse_query", args: [string], result: mapOf(anything, anything) },
  { name: "graphql.parse_schema", args: [string], result: mapOf(anything, anything) },
  { name: "graphql.schema_is_valid", args: [oneOf(string, mapOf(anything, anything))], result: boolean },
  { name: "gt", args: [anything, anything], result: boolean, infix: ">" },
  { name: "gte", args: [anything, anything], result: boolean, infix: ">=" },
  { name: "hex.decode", args: [string], result: string },
  { name: "hex.encode", args: [string], result: string },
  { name: "http.send", args: [mapOf(string, anything)], result: mapOf(anything, anything), nondeterministic: true },
  { name: "indexof", args: [string, string], result: number },
  { name: "indexof_n", args: [string, string], result: arrayOf(number) },
  { name: "internal.member_2", args: [anything, anything], result: boolean, infix: "in" },
  { name: "internal.member_3", args: [anything, anything, anything], result: boolean, infix: "in" },
  { name: "internal.print", args: [arrayOf(setOf(anything))] },
  { name: "internal.template_string", args: [arrayOf(anything)], result: string },
  { name: "internal.test_case", args: [arrayOf(anything)] },
  { name: "intersection", args: [setOf(setOf(anything))], result: setOf(anything) },
  {
    name: "io.jwt.decode",
    args: [string],
    result: tuple([mapOf(anything, anything), mapOf(anything, anything), string]),
  },
  {
    name: "io.jwt.decode_verify",
    args: [string, mapOf(string, anything)],
    result: tuple([boolean, mapOf(anything, anything), mapOf(anything, anything)]),
    nondeterministic: true,
  },
  {
    name: "io.jwt.encode_sign",
    args: [mapOf(string, anything), mapOf(string, anything), mapOf(string, anything)],
    result: string,
    nondeterministic: true,
  },
  { name: "io.jwt.encode_sign_raw", args: [string, string, string], result: string, nondeterministic: true },
  { name: "io.jwt.verify_eddsa", args: [string, string], result: boolean },
  { name: "io.jwt.verify_es256", args: [string, string], result: boolean },
  { name: "io.jwt.verify_es384", args: [string, string], result: boolean },
  { name: "io.jwt.verify_es512", args: [string, string], result: boolean },
  { name: "io.jwt.verify_hs256", args: [string, string], result: boolean },
  { name: "io.jwt.verify_hs384", args: [string, string], result: boolean },
  { name: "io.jwt.verify_hs512", args: [string, string], result: boolean },
  { name: "io.jwt.verify_ps256", args: [string, string], result: boolean },
  { name: "io.jwt.verify_ps384", args: [string, string], result: boolean },
  { name: "io.jwt.verify_ps512", args: [string, string], result: boolean },
  { name: "io.jwt.verify_rs256", args: [string, string], result: boolean },
  { name: "io.jwt.verify_rs384", args: [string, string], result: boolean },
  { name: "io.jwt.verify_rs512", args: [string, string], result: boolean },
  { name: "is_array", args: [anything], result: boolean },
  { name: "is_boolean", args: [anything], result: boolean },
  { name: "is_null", args: [anything], result: boolean },
  { name: "is_number", args: [anything], result: boolean },
  { name: "is_object", args: [anything], result: boolean },
  { name: "is_set", args: [anything], result: boolean },
  { name: "is_string", args: [anything], result: boolean },
  {
    name: "json.filter",
    args: [
      mapOf(anything, anything),
      oneOf(arrayOf(oneOf(string, arrayOf(anything))), setOf(oneOf(string, arrayOf(anything)))),
    ],
    result: mapOf(anything, anything),
  },
  { name: "json.is_valid", args: [string], result: boolean },
  { name: "json.marshal", args: [anything], result: string },
  {
    name: "json.marshal_with_options",
    args: [
      anything,
      record(
        [
          ["indent", string],
          ["prefix", string],
          ["pretty", boolean],
        ],
        [string, anything],
      ),
    ],
    result: string,
  },
  {
    name: "json.match_schema",
    args: [oneOf(string, mapOf(anything, anything)), oneOf(string, mapOf(anything, anything))],
    result: tuple([
      boolean,
      arrayOf(
        record([
          ["desc", string],
          ["error", string],
          ["field", string],
          ["type", string],
        ]),
      ),
    ]),
    nondeterministic: true,
  },
  {
    name: "json.patch",
    args: [
      anything,
      arrayOf(
        record(
          [
            ["op", string],
            ["path", anything],
          ],
          [anything, anything],
        ),
      ),
    ],
    result: anything,
  },
  {
    name: "json.remove",
    args: [
      mapOf(anything, anything),
      oneOf(arrayOf(oneOf(string, arrayOf(anything))), setOf(oneOf(string, arrayOf(anything)))),
    ],
    result: mapOf(anything, anything),
  },
  { name: "json.unmarshal", args: [string], result: anything },
  {
    name: "json.verify_schema",
    args: [oneOf(string, mapOf(anything, anything))],
    result: tuple([boolean, oneOf(nothing, string)]),
    nondeterministic: true,
  },
  { name: "lower", args: [string], result: string },
  { name: "lt", args: [anything, anything], result: boolean, infix: "<" },
  { name: "lte", args: [anything, anything], result: boolean, infix: "<=" },
  { name: "max", args: [oneOf(arrayOf(anything), setOf(anything))], result: anything },
  { name: "min", args: [oneOf(arrayOf(anything), setOf(anything))], result: anything },
  {
    name: "minus",
    args: [oneOf(number, setOf(anything)), oneOf(number, setOf(anything))],
    result: oneOf(number, setOf(anything)),
    infix: "-",
  },
  { name: "mul", args: [number, number], result: number, infix: "*" },
  { name: "neq", args: [anything, anything], result: boolean, infix: "!=" },
  { name: "net.cidr_contains", args: [string, string], result: boolean },
  {
    name: "net.cidr_contains_matches",
    args: [
      oneOf(
        string,
        arrayOf(oneOf(string, arrayOf(anything))),
        mapOf(string, oneOf(string, arrayOf(anything))),
        setOf(oneOf(string, arrayOf(anything))),
      ),
      oneOf(
        string,
        arrayOf(oneOf(string, arrayOf(anything))),
        mapOf(string, oneOf(string, arrayOf(anything))),
        setOf(oneOf(string, arrayOf(anything))),
      ),
    ],
    result: setOf(tuple([anything, anything])),
  },
  { name: "net.cidr_expand", args: [string], result: setOf(string) },
  { name: "net.cidr_intersects", args: [string, string], result: boolean },
  { name: "net.cidr_is_valid", args: [string], result: boolean },
  { name: "net.cidr_merge", args: [oneOf(arrayOf(oneOf(string)), setOf(string))], result: setOf(string) },
  { name: "net.cidr_overlap", args: [string, string], result: boolean, deprecated: true },
  { name: "net.lookup_ip_addr", args: [string], result: setOf(string), nondeterministic: true },
  { name: "numbers.range", args: [number, number], result: arrayOf(number) },
  { name: "numbers.range_step", args: [number, number, number], result: arrayOf(number) },
  {
    name: "object.filter",
    args: [mapOf(anything, anything), oneOf(arrayOf(anything), mapOf(anything, anything), setOf(anything))],
    result: mapOf(anything, anything),
  },
  { name: "object.get", args: [mapOf(anything, anything), anything, anything], result: anything },
  { name: "object.keys", args: [mapOf(anything, anything)], result: setOf(anything) },
  {
    name: "object.remove",
    args: [mapOf(anything, anything), oneOf(arrayOf(anything), mapOf(anything, anything), setOf(anything))],
    result: mapOf(anything, anything),
  },
  {
    name: "object.subset",
    args: [
      oneOf(arrayOf(anything), mapOf(anything, anything), setOf(anything)),
      oneOf(arrayOf(anything), mapOf(anything, anything), setOf(anything)),
    ],
    result: boolean,
  },
  {
    name: "object.union",
    args: [mapOf(anything, anything), mapOf(anything, anything)],
    result: mapOf(anything, anything),
  },
  { name: "object.union_n", args: [arrayOf(mapOf(anything, anything))], result: mapOf(anything, anything) },
  { name: "opa.runtime", args: [], result: mapOf(string, anything), nondeterministic: true },
  { name: "or", args: [setOf(anything), setOf(anything)], result: setOf(anything), infix: "|" },
  { name: "plus", args: [number, number], result: number, infix: "+" },
  { name: "print", args: [], variadic: anything },
  { name: "product", args: [oneOf(arrayOf(number), setOf(number))], result: number },
  {
    name: "providers.aws.sign_req",
    args: [mapOf(string, anything), mapOf(string, anything), number],
    result: mapOf(anything, anything),
  },
  { name: "rand.intn", args: [string, number], result: number, nondeterministic: true },
  { name: "re_match", args: [string, string], result: boolean, deprecated: true },
  { name: "regex.find_all_string_submatch_n", args: [string, string, number], result: arrayOf(arrayOf(string)) },
  { name: "regex.find_n", args: [string, string, number], result: arrayOf(string) },
  { name: "regex.globs_match", args: [string, string], result: boolean },
  { name: "regex.is_valid", args: [string], result: boolean },
  { name: "regex.match", args: [string, string], result: boolean },
  { name: "regex.replace", args: [string, string, string], result: string },
  { name: "regex.split", args: [string, string], result: arrayOf(string) },
  { name: "regex.template_match", args: [string, string, string, string], result: boolean },
  { name: "rego.metadata.chain", args: [], result: arrayOf(anything) },
  { name: "rego.metadata.rule", args: [], result: anything },
  { name: "rego.parse_module", args: [string, string], result: mapOf(string, anything) },
  { name: "rem", args: [number, number], result: number, infix: "%" },
  { name: "replace", args: [string, string, string], result: string },
  { name: "round", args: [number], result: number },
  { name: "semver.compare", args: [string, string], result: number },
  { name: "semver.is_valid", args: [anything], result: boolean },
  { name: "set_diff", args: [setOf(anything), setOf(anything)], result: setOf(anything), deprecated: true },
  { name: "sort", args: [oneOf(arrayOf(anything), setOf(anything))], result: arrayOf(anything) },
  { name: "split", args: [string, string], result: arrayOf(string) },
  { name: "sprintf", args: [string, arrayOf(anything)], result: string },
  { name: "startswith", args: [string, string], result: boolean },
  {
    name: "strings.any_prefix_match",
    args: [oneOf(string, arrayOf(string), setOf(string)), oneOf(string, arrayOf(string), setOf(string))],
    result: boolean,
  },
  {
    name: "strings.any_suffix_match",
    args: [oneOf(string, arrayOf(string), setOf(string)), oneOf(string, arrayOf(string), setOf(string))],
    result: boolean,
  },
  { name: "strings.count", args: [string, string], result: number },
  { name: "strings.render_template", args: [string, mapOf(string, anything)], result: string },
  { name: "strings.replace_n", args: [mapOf(string, string), string], result: string },
  { name: "strings.reverse", args: [string], result: string },
  { name: "strings.split_n", args: [string, string, number], result: arrayOf(string) },
  { name: "substring", args: [string, number, number], result: string },
  { name: "sum", args: [oneOf(arrayOf(number), setOf(number))], result: number },
  { name: "time.add_date", args: [number, number, number, number], result: number },
  { name: "time.clock", args: [oneOf(number, tuple([number, string]))], result: tuple([number, number, number]) },
  { name: "time.date", args: [oneOf(number, tuple([number, string]))], result: tuple([number, number, number]) },
  {
    name: "time.diff",
    args: [oneOf(number, tuple([number, string])), oneOf(number, tuple([number, string]))],
    result: tuple([number, number, number, number, number, number]),
  },
  {
    name: "time.format",
    args: [oneOf(number, tuple([number, string]), tuple([number, string, string]))],
    result: string,
  },
  { name: "time.now_ns", args: [], result: number, nondeterministic: true },
  { name: "time.parse_duration_ns", args: [string], result: number },
  { name: "time.parse_ns", args: [string, string], result: number },
  { name: "time.parse_rfc3339_ns", args: [string], result: number },
  { name: "time.weekday", args: [oneOf(number, tuple([number, string]))], result: string },
  { name: "to_number", args: [oneOf(nothing, boolean, number, string)], result: number },
  { name: "trace", args: [string], result: boolean },
  { name: "trim", args: [string, string], result: string },
  { name: "trim_left", args: [string, string], result: string },
  { name: "trim_prefix", args: [string, string], result: string },
  { name: "trim_right", args: [string, string], result: string },
  { name: "trim_space", args: [string], result: string },
  { name: "trim_suffix", args: [string, string], result: string },
  { name: "type_name", args: [anything], result: string },
  { name: "union", args: [setOf(setOf(anything))], result: setOf(anything) },
  { name: "units.parse", args: [string], result: number },
  { name: "units.parse_bytes", args: [string], result: number },
  { name: "upper", args: [string], result: string },
  { name: "uri.is_valid", args: [string], result: boolean },
  { name: "uri.parse", args: [string], result: mapOf(string, string) },
  { name: "urlquery.decode", args: [string], result: string },
  { name: "urlquery.decode_object", args: [string], result: mapOf(string, arrayOf(string)) },
  { name: "urlquery.encode", args: [string], result: string },
  {
    name: "urlquery.encode_object",
    args: [mapOf(string, oneOf(string, arrayOf(string), setOf(string)))],
    result: string,
  },
  { name: "uuid.parse", args: [string], result: mapOf(string, anything) },
  { name: "uuid.rfc4122", args: [string], result: string, nondeterministic: true },
  { name: "walk", args: [anything], result: tuple([arrayOf(anything), anything]), relation: true },
  { name: "yaml.is_valid", args: [string], result: boolean },
  { name: "yaml.marshal", args: [anything], result: string },
  { name: "yaml.unmarshal", args: [string], result: anything },
];
