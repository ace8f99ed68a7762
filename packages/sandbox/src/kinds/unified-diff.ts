/**
 * The difference of two texts as one hunk of a unified diff with three lines of context: all between the first
 * line and the last that differ.
 */
export function unifiedDiff(before: string, after: string): string {
  const [left, right] = [before.split("\n"), after.split("\n")];
  let start = 0;
  while (start < left.length && start < right.length && left[start] === right[start]) start += 1;
  let [leftEnd, rightEnd] = [left.length, right.length];
  while (leftEnd > start && rightEnd > start && left[leftEnd - 1] === right[rightEnd - 1]) {
    leftEnd -= 1;
    rightEnd -= 1;
  }
  const context = Math.max(0, start - 3);
  const tail = left.slice(leftEnd, leftEnd + 3);
  const lines = [
    `@@ -${context + 1},${leftEnd + tail.length - context} +${context + 1},${rightEnd + tail.length - context} @@`,
    ...left.slice(context, start).map((line) => ` ${line}`),
    ...left.slice(start, leftEnd).map((line) => `-${line}`),
    ...right.slice(start, rightEnd).map((line) => `+${line}`),
    ...tail.map((line) => ` ${line}`),
  ];
  return `${lines.join("\n")}\n`;
}
