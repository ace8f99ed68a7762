/** What was made of the latest keys; the oldest goes when there are too many. */
export function bounded<T>(most: number, make: (key: string) => T): (key: string) => T {
  const made = new Map<string, T>();
  return (key) => {
    const found = made.get(key);
    if (found !== undefined) return found;
    const value = make(key);
    const oldest = made.size >= most ? made.keys().next().value : undefined;
    if (oldest !== undefined) made.delete(oldest);
    made.set(key, value);
    return value;
  };
}
