/**
 * The tag by which the pull policy is chosen: `latest` when the image names neither tag nor digest, and empty
 * when it names a digest alone.
 */
export function imageTag(image: string): string {
  const [withoutDigest = "", digest] = image.split("@", 2);
  const lastPart = withoutDigest.slice(withoutDigest.lastIndexOf("/") + 1);
  const colon = lastPart.indexOf(":");
  if (colon >= 0) return lastPart.slice(colon + 1);
  return digest === undefined ? "latest" : "";
}
