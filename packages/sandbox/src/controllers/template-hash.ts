import { createHash } from "node:crypto";

const letters = "bcdfghjklmnpqrstvwxz2456789";

/** A short name for a Pod template, made of letters that spell no words; `collisions` tells equal names apart. */
export function templateHash(template: unknown, collisions = 0): string {
  const digest = createHash("sha256")
    .update(`${collisions}\0${canonical(template)}`)
    .digest();
  return [...digest.subarray(0, 10)].map((byte) => letters[byte % letters.length]).join("");
}

/** JSON with its keys in order, so that equal values are equal texts. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const members = Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : Number(a > b)))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`);
  return `{${members.join(",")}}`;
}
