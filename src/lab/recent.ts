/** Keeps the most recently used of what can be made again: keys, zones, certificates, TLS contexts. */

/** Returns what `make` makes for the key, from memory where it is among the last `limit` used. */
export function recent<T>(limit: number, make: (key: string) => T): (key: string) => T {
  const kept = new Map<string, T>();
  return (key) => {
    const found = kept.get(key);
    const value = found === undefined ? make(key) : found;
    kept.delete(key);
    kept.set(key, value);
    if (kept.size > limit) kept.delete(kept.keys().next().value!);
    return value;
  };
}
