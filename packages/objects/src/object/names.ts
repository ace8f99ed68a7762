/** Kubernetes' rules for names, each a function from a text to what is wrong with it, in Kubernetes' own words. */

const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const labelText =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
const subdomain = `${label}(\\.${label})*`;
const subdomainText =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
const oldLabel = "[a-z]([-a-z0-9]*[a-z0-9])?";
const oldLabelText =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character";
const key = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const keyText =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const value = `(${key})?`;
const valueText =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const configKey = "[-._a-zA-Z0-9]+";

const labelPattern = whole(label);
const subdomainPattern = whole(subdomain);
const oldLabelPattern = whole(oldLabel);
const keyPattern = whole(key);
const valuePattern = whole(value);
const configKeyPattern = whole(configKey);

function whole(pattern: string): RegExp {
  // `$` alone would, unlike RE2's, be fine without the m flag: both then mean the end of the text only.
  return new RegExp(`^(?:${pattern})$`);
}

function mismatch(text: string, pattern: string, ...examples: readonly string[]): string {
  if (examples.length === 0) return `${text} (regex used for validation is '${pattern}')`;
  const listed = examples.map((example) => `'${example}', `).join(" or ");
  return `${text} (e.g. ${listed}regex used for validation is '${pattern}')`;
}

function tooLong(length: number, unit = "bytes"): string {
  return `must be no more than ${length} ${unit}`;
}

/** The length of a text in UTF-8 bytes. */
export function byteLength(text: string): number {
  let length = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) length += 1;
    else if (unit < 0x800) length += 2;
    // Each half of a surrogate pair counts two of the pair's four bytes.
    else length += unit >= 0xd800 && unit <= 0xdfff ? 2 : 3;
  }
  return length;
}

/** A label of DNS (RFC 1123): names of namespaces and of many others. */
export function checkDns1123Label(text: string): readonly string[] {
  const errors: string[] = [];
  if (byteLength(text) > 63) errors.push(tooLong(63, "characters"));
  if (!labelPattern.test(text)) {
    errors.push(
      subdomainPattern.test(text) ? "must not contain dots" : mismatch(labelText, label, "my-name", "123-abc"),
    );
  }
  return errors;
}

/** A subdomain of DNS (RFC 1123): names of most objects. */
export function checkDns1123Subdomain(text: string): readonly string[] {
  const errors: string[] = [];
  if (byteLength(text) > 253) errors.push(tooLong(253, "characters"));
  if (!subdomainPattern.test(text)) errors.push(mismatch(subdomainText, subdomain, "example.com"));
  return errors;
}

/** A label of DNS (RFC 1035): names of services, kinds and resources. */
export function checkDns1035Label(text: string): readonly string[] {
  const errors: string[] = [];
  if (byteLength(text) > 63) errors.push(tooLong(63, "characters"));
  if (!oldLabelPattern.test(text)) errors.push(mismatch(oldLabelText, oldLabel, "my-name", "abc-123"));
  return errors;
}

/** A key of a label or an annotation: a name with an optional prefix. */
export function checkLabelKey(text: string): readonly string[] {
  const parts = text.split("/");
  const errors: string[] = [];
  const [first = "", second] = parts;
  if (parts.length > 2) {
    const wrong = mismatch(keyText, key, "MyName", "my.name", "123-abc");
    return [`a valid label key ${wrong} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  if (second !== undefined) {
    if (first === "") errors.push("prefix part must be non-empty");
    else errors.push(...checkDns1123Subdomain(first).map((error) => `prefix part ${error}`));
  }
  const name = second ?? first;
  if (name === "") errors.push("name part must be non-empty");
  else if (byteLength(name) > 63) errors.push(`name part ${tooLong(63)}`);
  if (!keyPattern.test(name)) errors.push(`name part ${mismatch(keyText, key, "MyName", "my.name", "123-abc")}`);
  return errors;
}

/** A label's value. */
export function checkLabelValue(text: string): readonly string[] {
  const errors: string[] = [];
  if (byteLength(text) > 63) errors.push(tooLong(63));
  if (!valuePattern.test(text)) errors.push(mismatch(valueText, value, "MyValue", "my_value", "12345"));
  return errors;
}

/** A key of a ConfigMap's or a Secret's data. */
export function checkConfigMapKey(text: string): readonly string[] {
  const errors: string[] = [];
  if (byteLength(text) > 253) errors.push(tooLong(253, "characters"));
  if (!configKeyPattern.test(text)) {
    const rule = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'";
    errors.push(mismatch(rule, configKey, "key.name", "KEY_NAME", "key-name"));
  }
  if (text === ".") errors.push("must not be '.'");
  else if (text.startsWith("..")) errors.push(text === ".." ? "must not be '..'" : "must not start with '..'");
  return errors;
}

/** A segment of a URL's path, for names that are nothing stricter. */
export function checkPathSegment(text: string): readonly string[] {
  if (text === "." || text === "..") return [`may not be '${text}'`];
  return ["/", "%"].filter((part) => text.includes(part)).map((part) => `may not contain '${part}'`);
}
