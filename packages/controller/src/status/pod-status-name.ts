/**
 * The name of a pod-status object: its parts joined by `-`, each `-` inside of a part doubled, so that different parts
 * never give the same name.
 */
export function podStatusName(...parts: readonly string[]): string {
  for (const part of parts) {
    if (part === "" || part.startsWith("-") || part.endsWith("-")) {
      throw new Error(`the part \`${part}\` of a pod-status name is empty or begins or ends with a dash`);
    }
  }
  return parts.map((part) => part.replaceAll("-", "--")).join("-");
}
