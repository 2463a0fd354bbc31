/** Instants are Unix seconds (a number); clocks are passed in, never read inside. */
export type Instant = number;

/** Tells the present instant, in Unix seconds. */
export type Clock = () => Instant;

export const systemClock: Clock = () => Math.floor(Date.now() / 1000);

/** Undefined unless `text` is an ISO 8601 date and time that names its offset, or a plain date taken as UTC. */
export function parseInstant(text: string): Instant | undefined {
  const form = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;
  if (!form.test(text)) return undefined;
  const zoned = /T/.test(text) && !/(Z|[+-]\d{2}:?\d{2})$/.test(text) ? `${text}Z` : text;
  const milliseconds = Date.parse(zoned);
  return Number.isNaN(milliseconds) ? undefined : Math.floor(milliseconds / 1000);
}

/** ISO 8601 in UTC, to the second. */
export function formatInstant(at: Instant): string {
  return new Date(at * 1000).toISOString().replace('.000Z', 'Z');
}
