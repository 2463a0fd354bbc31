/** Describes certificates and remembers them: one is seen at many endpoints, and describing it costs a signature check. */
import { LruCache } from '../base/lru-cache.ts';
import { type DescribedCertificate, describeCertificate } from '../pki/certificate-fact.ts';
import type { Describe } from '../survey/endpoint-facts.ts';

const MAX_CERTIFICATES_REMEMBERED = 5000;

export function rememberingDescribe(): Describe {
  const described = new LruCache<string, DescribedCertificate>(MAX_CERTIFICATES_REMEMBERED, () => 0);
  return (der) => {
    const key = Buffer.from(der.buffer, der.byteOffset, der.byteLength).toString('latin1');
    let fact = described.get(key);
    if (fact === undefined) {
      fact = describeCertificate(der);
      described.set(key, fact, Number.POSITIVE_INFINITY);
    }
    return fact;
  };
}
