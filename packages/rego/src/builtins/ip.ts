/** Addresses and networks of both families as 128-bit integers; an IPv4 address stands where IPv6 maps it to. */
import { readAddress } from "./read-address.ts";

/** A network: its first address, and how many bits of its own family's width are fixed. */
export interface Network {
  readonly address: bigint;
  readonly prefix: number;
  /** 32 where it was written as IPv4, else 128. */
  readonly width: 32 | 128;
}

/** Whether an address is an IPv4 one, mapped or written so. */
export function isIPv4(address: bigint): boolean {
  return address >> 32n === 0xffffn;
}

/** Reads an address without a zone, as `net.ParseIP` does. */
export function parseAddress(text: string): bigint | undefined {
  const result = readAddress(text);
  return "error" in result || result.zone !== "" ? undefined : result.address;
}

/** Reads `address/prefix`: the address as written, and its network. */
export function parseNetwork(text: string): { readonly address: bigint; readonly network: Network } | undefined {
  const slash = text.indexOf("/");
  if (slash < 0) return undefined;
  const result = readAddress(text.slice(0, slash));
  const mask = text.slice(slash + 1);
  if ("error" in result || result.zone !== "" || !/^0*[0-9]{1,7}$/.test(mask)) return undefined;
  const prefix = Number(mask);
  const { address, width } = result;
  if (prefix > width) return undefined;
  const hosts = BigInt(width - prefix);
  return { address, network: { address: (address >> hosts) << hosts, prefix, width } };
}

/** The last address of a network. */
export function lastAddress({ address, prefix, width }: Network): bigint {
  return address | ((1n << BigInt(width - prefix)) - 1n);
}

/** Whether a network holds an address of its own family. */
export function contains(network: Network, address: bigint): boolean {
  const four = isIPv4(network.address);
  if (four !== isIPv4(address)) return false;
  const width = four ? 32 : 128;
  const prefix = four && network.width === 128 ? Math.max(network.prefix - 96, 0) : network.prefix;
  return (network.address ^ address) >> BigInt(width - prefix) === 0n;
}

/** The canonical text of an address. */
export function formatAddress(address: bigint): string {
  if (isIPv4(address)) {
    return [24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 0xffn).join(".");
  }
  const groups = Array.from({ length: 8 }, (_, index) => Number((address >> BigInt(112 - 16 * index)) & 0xffffn));
  const [start, length] = longestZeros(groups);
  const hex = groups.map((group) => group.toString(16));
  if (length < 2) return hex.join(":");
  return `${hex.slice(0, start).join(":")}::${hex.slice(start + length).join(":")}`;
}

/** Where the first of the longest runs of zero groups begins, and its length. */
function longestZeros(groups: readonly number[]): readonly [start: number, length: number] {
  let [best, bestLength] = [0, 0];
  for (let start = 0; start < groups.length; start++) {
    let end = start;
    while (groups[end] === 0) end++;
    if (end - start > bestLength) [best, bestLength] = [start, end - start];
    start = Math.max(start, end - 1);
  }
  return [best, bestLength];
}

/** The fewest networks that make up a range of addresses. */
export function networksOf(first: bigint, last: bigint): readonly Network[] {
  const width = isIPv4(first) ? 32 : 128;
  const networks: Network[] = [];
  for (let next = first; next <= last;) {
    let hosts = 0n;
    while (hosts < width && ((next >> hosts) & 1n) === 0n && next + (2n << hosts) - 1n <= last) hosts++;
    networks.push({ address: next, prefix: width - Number(hosts), width });
    next += 1n << hosts;
  }
  return networks;
}
