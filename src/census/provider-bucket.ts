/** Where a host belongs: its provider (the registrable domain, public suffix list), and the bucket that deals with it. */
import { createHash } from 'node:crypto';
import { registrableDomain } from '../dns/registrable-domain.ts';

/** More than the host jobs that are open at once anywhere, few enough that a small census has full jobs. */
export const BUCKETS = 128;

/** Hosts of one provider are always in one bucket. */
export function providerBucket(host: string): { readonly provider: string; readonly bucket: number } {
  const provider = registrableDomain(host);
  return { provider, bucket: createHash('sha256').update(provider).digest().readUInt32BE() % BUCKETS };
}
