// Plain JavaScript, as is whatever imports it: a Node that is too old reads nothing else.

/** What is wrong with the Node that this runs on; undefined where it will do. */
export function whyNodeWillNotDo() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 24 || (major === 24 && minor >= 12)) return undefined;
  return `portcullis needs Node 24.12 or newer; this is Node ${process.versions.node} on ${process.platform}-${process.arch}.\n`;
}
