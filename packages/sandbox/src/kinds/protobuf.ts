import { protobufData } from "./protobuf-data.ts";
import { wireFields } from "./wire.ts";
import { setOwn } from "../storage/api-object.ts";
import type { Fields } from "../storage/api-object.ts";

/** The media type in which kubectl's typed commands write objects. */
export const protobufType = "application/vnd.kubernetes.protobuf";

/** An object that was read, or why not. */
export type ProtobufReading =
  | { readonly ok: true; readonly value: Fields }
  | { readonly ok: false; readonly message: string };

const magic = [0x6b, 0x38, 0x73, 0x00];

/** Reads an object in Kubernetes' protobuf encoding as the JSON that Kubernetes would make of it. */
export function readProtobuf(bytes: Uint8Array): ProtobufReading {
  if (!magic.every((byte, index) => bytes[index] === byte)) {
    return {
      ok: false,
      message: "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]",
    };
  }
  try {
    return readEnvelope(bytes.subarray(magic.length));
  } catch (error) {
    if (error instanceof RangeError) return { ok: false, message: `proto: ${error.message}` };
    throw error;
  }
}

/** An object travels in an envelope that says of what kind it is. */
function readEnvelope(bytes: Uint8Array): ProtobufReading {
  let raw: Uint8Array = new Uint8Array();
  let apiVersion = "";
  let kind = "";
  for (const { number, value } of wireFields(bytes)) {
    if (!(value instanceof Uint8Array)) continue;
    if (number === 2) raw = value;
    if (number !== 1) continue;
    for (const part of wireFields(value)) {
      if (part.value instanceof Uint8Array && part.number === 1) apiVersion = textOf(part.value);
      if (part.value instanceof Uint8Array && part.number === 2) kind = textOf(part.value);
    }
  }
  const message = messageOf(apiVersion, kind);
  if (message === undefined) {
    return { ok: false, message: `no kind "${kind}" of version "${apiVersion}" is known in protobuf: send JSON` };
  }
  return { ok: true, value: { kind, apiVersion, ...readMessage(message, raw) } };
}

function messageOf(apiVersion: string, kind: string): string | undefined {
  const [group = "", version] = apiVersion.includes("/") ? apiVersion.split("/") : ["core", apiVersion];
  const known = [`${group.split(".")[0]}.${version}.${kind}`, `meta.v1.${kind}`];
  return known.find((name) => Object.hasOwn(protobufData, name));
}

interface MessageField {
  readonly name: string;
  readonly type: string;
  /** Whether Go tells a zero of it from nothing. */
  readonly pointer: boolean;
}

function fieldsOf(message: string): ReadonlyMap<number, MessageField> {
  const fields = new Map<number, MessageField>();
  for (const line of (protobufData[message] ?? "").split("\n")) {
    const [number = "", name = "", type = ""] = line.split(" ");
    if (type === "") continue;
    const pointer = name.endsWith("?");
    fields.set(Number(number), { name: pointer ? name.slice(0, -1) : name, type, pointer });
  }
  return fields;
}

function readMessage(message: string, bytes: Uint8Array): Fields {
  const known = fieldsOf(message);
  const result: Fields = {};
  for (const { number, value } of wireFields(bytes)) {
    const field = known.get(number);
    if (field === undefined) continue;
    const { name, type, pointer } = field;
    if (type.startsWith("{}")) readEntry(result, name, type.slice(2), value);
    else if (type.startsWith("[]")) {
      const list = Array.isArray(result[name]) ? result[name] : [];
      result[name] = [...list, readValue(type.slice(2), value) ?? zeroOf(type.slice(2))];
    } else if (name === ".") Object.assign(result, readValue(type, value));
    else {
      const read = readValue(type, value);
      if (read !== undefined && (pointer || !isZero(read))) result[name] = read;
    }
  }
  return result;
}

/** A map is a list of entries: a key and a value. */
function readEntry(result: Fields, name: string, type: string, value: bigint | Uint8Array): void {
  if (!(value instanceof Uint8Array)) return;
  let key = "";
  let item: unknown;
  for (const part of wireFields(value)) {
    if (part.number === 1 && part.value instanceof Uint8Array) key = textOf(part.value);
    if (part.number === 2) item = readValue(type, part.value);
  }
  const before = result[name];
  const map: Fields = typeof before === "object" && before !== null ? { ...before } : {};
  setOwn(map, key, item ?? zeroOf(type));
  result[name] = map;
}

function isZero(value: unknown): boolean {
  if (value === "" || value === 0 || value === false) return true;
  return typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}

function zeroOf(type: string): unknown {
  if (type === "s" || type === "bytes") return "";
  if (type === "b") return false;
  return type === "i" || type === "d" ? 0 : {};
}

function readValue(type: string, value: bigint | Uint8Array): unknown {
  if (typeof value === "bigint") return type === "b" ? value !== 0n : integerOf(value);
  switch (type) {
    case "s":
      return textOf(value);
    case "bytes":
      return Buffer.from(value).toString("base64");
    case "d":
      return new DataView(value.buffer, value.byteOffset, value.byteLength).getFloat64(0, true);
    case "time":
      return readTime(value, false);
    case "micro":
      return readTime(value, true);
    case "quantity":
      return firstText(value, 1) ?? "0";
    case "intstr":
      return readIntOrString(value);
    case "raw": {
      const text = firstText(value, 1);
      return text === undefined || text === "" ? undefined : JSON.parse(text);
    }
    default:
      return type.startsWith("items:") ? readItems(type.slice("items:[]".length), value) : readMessage(type, value);
  }
}

function integerOf(value: bigint): number | bigint {
  const signed = BigInt.asIntN(64, value);
  const number = Number(signed);
  return Number.isSafeInteger(number) ? number : signed;
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}

function firstText(bytes: Uint8Array, wanted: number): string | undefined {
  for (const { number, value } of wireFields(bytes)) {
    if (number === wanted && value instanceof Uint8Array) return textOf(value);
  }
  return undefined;
}

function readItems(type: string, bytes: Uint8Array): readonly unknown[] {
  return [...wireFields(bytes)].map(({ value }) => readValue(type, value));
}

function readTime(bytes: Uint8Array, fine: boolean): string | undefined {
  let seconds: bigint | undefined;
  let nanos = 0n;
  for (const { number, value } of wireFields(bytes)) {
    if (typeof value !== "bigint") continue;
    if (number === 1) seconds = BigInt.asIntN(64, value);
    else if (number === 2) nanos = value;
  }
  if (seconds === undefined) return undefined;
  const text = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  return fine ? `${text}.${String(nanos / 1000n).padStart(6, "0")}Z` : `${text}Z`;
}

function readIntOrString(bytes: Uint8Array): number | string {
  let isText = false;
  let [number, text] = [0, ""];
  for (const field of wireFields(bytes)) {
    if (field.number === 1 && typeof field.value === "bigint") isText = field.value === 1n;
    if (field.number === 2 && typeof field.value === "bigint") number = Number(BigInt.asIntN(64, field.value));
    if (field.number === 3 && field.value instanceof Uint8Array) text = textOf(field.value);
  }
  return isText ? text : number;
}
