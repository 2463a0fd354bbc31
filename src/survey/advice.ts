/**
 * The advice of the how-to that a domain does not follow, as far as one look can tell. Pure.
 *
 * In: the facts of a domain, those of its MX hosts, the certificates that they showed. Out: each with its reason key, the host
 * that it is about, and what was seen. It is advice beside the verdict: mail may be well protected today. What could not be
 * looked at gives none: only what was seen is spoken of. What needs history (two TTLs before a change, records dropped too
 * soon) or a look from the sender's side is not here.
 */
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import { hostAdvice } from './advice-host.ts';
import type { CertificateFact, DomainFacts, HostFacts } from './facts.ts';

export interface Advice {
  readonly key: ReasonKey;
  /** The MX host that it is about; null for the domain as a whole. */
  readonly host: string | null;
  /** What was seen, empty where the key says it all. May hold text from the network: hostile until escaped. */
  readonly detail: string;
}

export interface AdvisedDomain {
  readonly facts: DomainFacts;
  /** In the order of the MX edges. */
  readonly hosts: readonly HostFacts[];
  readonly certificates: Iterable<CertificateFact>;
}

export function adviceFor({ facts, hosts, certificates }: AdvisedDomain): readonly Advice[] {
  if (facts.mail !== 'mx' && facts.mail !== 'implicit-mx') return [];
  const known = new Map(Array.from(certificates, (certificate) => [certificate.sha256, certificate]));
  const advice: Advice[] = [];
  // "Make your primary domain and MX domain support DNSSEC before implementing DANE."
  if (facts.mx.status === 'insecure') advice.push({ key: 'domain-unsigned', host: null, detail: '' });
  for (const host of hosts) advice.push(...hostAdvice(host, known));
  advice.push(...sharedKeys(hosts));
  return advice;
}

/** "Use of the same key (and perhaps wildcard certificate) across all of a domain's SMTP servers … is not recommended." */
function sharedKeys(hosts: readonly HostFacts[]): Advice[] {
  const users = new Map<string, Set<string>>();
  for (const { host, endpoints } of hosts) {
    for (const { leafSpki } of endpoints.flatMap(({ handshakes }) => handshakes)) {
      if (leafSpki !== '') users.set(leafSpki, (users.get(leafSpki) ?? new Set()).add(host));
    }
  }
  const groups = new Set<string>();
  for (const names of users.values()) if (names.size > 1) groups.add([...names].join(' '));
  return [...groups].map((detail) => ({ key: 'key-shared', host: null, detail }));
}
