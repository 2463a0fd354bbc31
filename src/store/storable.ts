/**
 * What a Postgres text value cannot hold, made into what it can: NUL octets (never allowed in text or jsonb) and lone
 * surrogates (no UTF-8 form) become visible escapes. Everything that enters the database passes here once.
 * One-way: a text that held the escape's own characters cannot be told apart afterwards, which no number hangs on.
 */

/** `\x00` for NUL and `\ud800` and so on for lone surrogates; any other text is returned as it is. */
export function storable(text: string): string {
  if (!text.includes('\0') && text.isWellFormed()) return text;
  return text
    .replaceAll('\0', '\\x00')
    .replace(/\p{Surrogate}/gu, (lone) => `\\u${lone.charCodeAt(0).toString(16)}`);
}

/** The same for every text inside a value that becomes JSON, keys included. */
export function storableJson(value: unknown): unknown {
  if (typeof value === 'string') return storable(value);
  if (Array.isArray(value)) return value.map(storableJson);
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [storable(key), storableJson(inner)]),
    );
  }
  return value;
}

/** The same for one parameter of a statement. */
export function storableParameter(value: unknown): unknown {
  if (typeof value === 'string') return storable(value);
  return Array.isArray(value) ? value.map(storableParameter) : value;
}
