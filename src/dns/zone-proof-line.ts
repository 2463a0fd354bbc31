/**
 * Lines of a master file that hold one whole RRSIG, NSEC or NSEC3 record: most of a signed zone. In: a line. Out: its owner as it is
 * spelled, and its TTL; undefined for any other line, and for one that must be read word by word. RDATA is not looked at.
 */
import { parseTtl } from './zone-words.ts';

/** TTL and class in either order, each of them left out or not (RFC 1035 §5.1). */
const pattern =
  /^([^\s;"()\\$@]+)[ \t]+(?:(\d\w*)[ \t]+)?(?:in[ \t]+)?(?:(\d\w*)[ \t]+)?(?:rrsig|nsec3?)[ \t]/i;

export interface ProofLine {
  readonly owner: string;
  readonly ttl: number | undefined;
}

export function proofLine(text: string): ProofLine | undefined {
  const found = text.includes('(') ? null : pattern.exec(text);
  if (found === null) return undefined;
  const [, owner, before, behind] = found;
  if (before === undefined && behind === undefined) return { owner: owner!, ttl: undefined };
  const ttl = before !== undefined && behind !== undefined ? undefined : parseTtl((before ?? behind)!);
  return ttl === undefined ? undefined : { owner: owner!, ttl };
}
