/** Random bytes that are the same each time: for evaluations that are given no source of their own. */
export function seededRandom(): (bytes: number) => Uint8Array {
  let state = 0x9e3779b9;
  return (count) => {
    const bytes = new Uint8Array(count);
    for (let at = 0; at < count; at += 1) {
      state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x297a2d39;
      bytes[at] = (state >>> 16) & 0xff;
    }
    return bytes;
  };
}
