/** The TTL that the how-to advises for TLSA records ("Tips, tricks and notices"), in seconds: a mistake lasts no longer. */
export const ADVISED_TTL = { least: 1800, most: 3600 } as const;
