import type { Value } from "../../runtime/value.ts";
import {
  bitStringOf,
  DerError,
  derTags,
  expectTag,
  integerOf,
  oidOf,
  readAll,
  readStruct,
  type DerElement,
} from "../keys/der.ts";
import { readPublicKey } from "../keys/public-key.ts";
import { keyAlgorithmOf, publicKeyNumbers, signatureAlgorithmOf } from "./certificate.ts";
import { alternativeNameTrees, base64, extensionTree, publicKeyTree } from "./certificate-tree.ts";
import { readAlternativeNames, readExtensions } from "./extensions.ts";
import { anyValue, nameTree, oidNumbers, readName } from "./name.ts";

const extensionRequest = "1.2.840.113549.1.9.14";

/** A certificate request as Go's JSON shows it. Throws a `DerError`. */
export function readRequest(der: Uint8Array): Value {
  const { raw: request, parts } = readStruct(der, "certificateRequest");
  const [info, algorithm, signature] = parts;
  const [version, subject, keyInfo, attributesElement] = readAll(expectTag(info, derTags.sequence).contents);
  const attributes = attributesElement?.tag === 0xa0 ? readAll(attributesElement.contents) : [];
  const { raw } = expectTag(keyInfo, derTags.sequence);
  const extensions = attributes
    .filter((attribute) => oidOf(readAll(attribute.contents)[0]) === extensionRequest)
    .flatMap((attribute) => readAll(expectTag(readAll(attribute.contents)[1], derTags.set).contents))
    .flatMap(readExtensions);
  const names = extensions.find(({ oid }) => oid === "2.5.29.17");
  const shown = attributes.map(attributeTree).filter((attribute) => attribute !== undefined);
  return {
    Raw: base64(request),
    RawTBSCertificateRequest: base64(expectTag(info, derTags.sequence).raw),
    RawSubjectPublicKeyInfo: base64(raw),
    RawSubject: base64(expectTag(subject, derTags.sequence).raw),
    Version: Number(integerOf(version)),
    Signature: base64(bitStringOf(signature)),
    SignatureAlgorithm: signatureAlgorithmOf(algorithm).number,
    PublicKeyAlgorithm: publicKeyNumbers.get(keyAlgorithmOf(raw)) ?? 0,
    PublicKey: publicKeyTree(readPublicKey(raw)),
    Subject: nameTree(readName(subject)),
    Attributes: shown.length === 0 ? null : shown,
    Extensions: extensions.length === 0 ? null : extensions.map(extensionTree),
    ExtraExtensions: null,
    ...alternativeNameTrees(names === undefined ? undefined : readAlternativeNames(names.value)),
  };
}

/** Attributes whose values are lists of typed values; others do not show. */
function attributeTree(attribute: DerElement): Value | undefined {
  const [type, values] = readAll(attribute.contents);
  try {
    const lists = readAll(expectTag(values, derTags.set).contents).map((list) =>
      readAll(expectTag(list, derTags.sequence).contents).map((item): Value => {
        const [oid, value] = readAll(expectTag(item, derTags.sequence).contents);
        return { Type: oidNumbers(oidOf(oid)), Value: value === undefined ? null : anyValue(value) };
      }),
    );
    return { Type: oidNumbers(oidOf(type)), Value: lists };
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}
