/** The registrable domain of a host name, by the public suffix list: who runs it, as far as its name tells. */
import { getDomain } from 'tldts';

/** Of an A-label name without the final dot; the name itself where it has none (a public suffix, a single label). */
export function registrableDomain(name: string): string {
  return getDomain(name) ?? name;
}
