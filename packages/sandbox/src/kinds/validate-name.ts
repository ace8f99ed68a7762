import { checkDns1123Label, checkDns1123Subdomain, checkPathSegment } from "@portcullis/objects";

/** What is wrong with a name that may be anything that fits into a path, as roles' names may. */
export function pathSegmentName(name: string): string | undefined {
  return first(checkPathSegment(name));
}

/** What is wrong with a name that must be one label of DNS, as namespaces' names must. */
export function labelName(name: string): string | undefined {
  return first(checkDns1123Label(name));
}

/** What is wrong with the name of a CronJob: its Jobs' names are eleven characters longer, and Pods' must fit. */
export function cronJobName(name: string): string | undefined {
  return first(checkDns1123Subdomain(name)) ?? (name.length > 52 ? "must be no more than 52 characters" : undefined);
}

function first(texts: readonly string[]): string | undefined {
  return texts.length === 0 ? undefined : texts.join(", ");
}
