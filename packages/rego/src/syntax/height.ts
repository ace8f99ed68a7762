/**
 * How deep a tree is, without descending into it: a chain of operators is as deep as it is long, though it was read
 * in a loop. Lists do not count, only the nodes in them.
 */
export function heightOf(tree: object): number {
  let highest = 0;
  const open: { readonly node: object; readonly depth: number }[] = [{ node: tree, depth: 1 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, depth } = next;
    highest = Math.max(highest, depth);
    for (const [key, value] of Object.entries(node)) {
      const child: unknown = value;
      if (typeof child !== "object" || child === null || key === "span") continue;
      open.push({ node: child, depth: Array.isArray(child) ? depth : depth + 1 });
    }
  }
  return highest;
}
