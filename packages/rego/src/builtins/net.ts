import { objectEntries } from "../runtime/object.ts";
import { isArray, isObject, isSet, objectGet } from "../runtime/order.ts";
import { RegoSet } from "../runtime/set.ts";
import type { Value } from "../runtime/value.ts";
import type { BuiltinContext, BuiltinFunction } from "./builtin.ts";
import { fail } from "./failure.ts";
import type { Family } from "./family.ts";
import {
  contains,
  formatAddress,
  isIPv4,
  lastAddress,
  type Network,
  networksOf,
  parseAddress,
  parseNetwork,
} from "./ip.ts";
import { stringOperand } from "./operand.ts";

/** net.* */
export const net: Family = new Map<string, BuiltinFunction>([
  ["net.cidr_contains", containsCidr],
  ["net.cidr_overlap", containsCidr],
  ["net.cidr_contains_matches", containsMatches],
  ["net.cidr_intersects", intersects],
  ["net.cidr_expand", expand],
  ["net.cidr_is_valid", (_context, text: Value) => typeof text === "string" && parseNetwork(text) !== undefined],
  ["net.cidr_merge", merge],
  ["net.lookup_ip_addr", lookup],
]);

function networkOperand(value: Value): Network {
  const text = stringOperand(value, 1);
  return parseNetwork(text)?.network ?? fail(`invalid CIDR address: ${text}`);
}

function intersects(_context: BuiltinContext, a: Value, b: Value): Value {
  const [first, second] = [networkOperand(a), networkOperand(b)];
  return contains(first, second.address) || contains(second, first.address);
}

function containsCidr(_context: BuiltinContext, a: Value, b: Value): Value {
  const outer = networkOperand(a);
  const text = stringOperand(b, 1);
  const address = parseAddress(text);
  if (address !== undefined) return contains(outer, address);
  const inner =
    parseNetwork(text)?.network ?? fail(`not a valid textual representation of an IP address or CIDR: ${text}`);
  if (isPlainIPv6(outer) && isPlainIPv6(inner)) {
    const hosts = BigInt(128 - outer.prefix);
    return outer.prefix <= inner.prefix && outer.address >> hosts === inner.address >> hosts;
  }
  return contains(outer, inner.address) && contains(outer, lastAddress(inner));
}

function isPlainIPv6(network: Network): boolean {
  return network.width === 128 && !isIPv4(network.address);
}

/** Pairs of an index on each side whose networks contain one another. */
function containsMatches(context: BuiltinContext, a: Value, b: Value): Value {
  const matches = new RegoSet();
  for (const [cidr, index] of candidates(1, a)) {
    for (const [inner, innerIndex] of candidates(2, b)) {
      context.charge(1);
      if (containsCidr(context, cidr, inner) === true) matches.add([index, innerIndex]);
    }
  }
  return matches;
}

function candidates(position: number, value: Value): readonly (readonly [cidr: Value, index: Value])[] {
  const cidrOf = (item: Value): Value => {
    if (typeof item === "string") return item;
    const first = isArray(item) ? item[0] : undefined;
    return first ?? fail(`operand ${position}: element must be string or non-empty array`);
  };
  if (typeof value === "string") return [[value, value]];
  if (isArray(value)) return value.map((item, index) => [cidrOf(item), index]);
  if (isSet(value)) return value.values().map((item) => [cidrOf(item), item]);
  return isObject(value) ? objectEntries(value).map(([key, item]) => [cidrOf(item), key]) : [];
}

function expand(context: BuiltinContext, value: Value): Value {
  const text = stringOperand(value, 1);
  const network = parseNetwork(text)?.network ?? fail(`invalid CIDR address: ${text}`);
  const last = lastAddress(network);
  context.charge(Number(last - network.address));
  const addresses = new RegoSet();
  for (let address = network.address; address <= last; address += 1n) addresses.add(formatAddress(address));
  return addresses;
}

interface Range {
  readonly first: bigint;
  readonly last: bigint;
  /** How it was written, as long as it is merged with no other. */
  readonly text: string | undefined;
}

function merge(_context: BuiltinContext, value: Value): Value {
  const items = isArray(value) ? value : isSet(value) ? value.values() : fail("operand must be an array");
  const ranges = items.map(rangeOf).sort((a, b) => order(a.last, b.last) || order(a.first, b.first));
  for (let index = ranges.length - 1; index > 0; index--) {
    const [range, before] = [ranges[index], ranges[index - 1]];
    if (range === undefined || before === undefined || previous(range.first) > before.last) continue;
    const first = before.first < range.first ? before.first : range.first;
    ranges.splice(index - 1, 2, { first, last: range.last, text: undefined });
  }
  return new RegoSet(
    ranges.flatMap(({ first, last, text }) =>
      text === undefined
        ? networksOf(first, last).map(({ address, prefix }) => `${formatAddress(address)}/${prefix}`)
        : [text],
    ),
  );
}

function order(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const firstIpv4 = 0xffffn << 32n;

/** The address before, but for the first of a family. */
function previous(address: bigint): bigint {
  return address === 0n || address === firstIpv4 ? address : address - 1n;
}

function rangeOf(value: Value): Range {
  if (typeof value !== "string") fail("element must be string");
  const address = parseAddress(value);
  if (address === undefined) {
    const network = parseNetwork(value)?.network ?? fail(`invalid CIDR address: ${value}`);
    // OPA takes what IPv6 maps from IPv4 for the first addresses of IPv4, and shows it as it should be.
    const isMapped = network.width === 128 && isIPv4(network.address);
    const text = `${formatAddress(network.address)}/${isMapped ? network.prefix - 96 : network.prefix}`;
    if (!isMapped) return { first: network.address, last: lastAddress(network), text };
    const hosts = BigInt(128 - network.prefix);
    return { first: firstIpv4, last: firstIpv4 | ((1n << hosts) - 1n), text };
  }
  if (!isIPv4(address)) fail("IPv6 invalid: needs prefix length");
  // A bare address means the network of its class, whatever its own bits.
  const lead = Number((address >> 24n) & 0xffn);
  const prefix = lead < 0x80 ? 8 : lead < 0xc0 ? 16 : 24;
  const hosts = BigInt(32 - prefix);
  const network: Network = { address: (address >> hosts) << hosts, prefix, width: 32 };
  return { first: network.address, last: lastAddress(network), text: `${formatAddress(address)}/${prefix}` };
}

/** Needs `{"kind": "net.lookup_ip_addr", "name": …}`: a collection of addresses, or an object with `error`. */
function lookup(context: BuiltinContext, value: Value): Value {
  const name = stringOperand(value, 1);
  const fact = context.fact({ kind: "net.lookup_ip_addr", name });
  if (isArray(fact)) return new RegoSet(fact);
  if (isSet(fact)) return fact;
  const error = isObject(fact) ? objectGet(fact, "error") : undefined;
  return fail(typeof error === "string" ? error : `lookup ${name}: no such host`);
}
