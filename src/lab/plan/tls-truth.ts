/** What a census must find of the TLS of a mail server that is played as planned. */
import type { TlsTruth } from '../truth.ts';
import type { ChainPlan, MailServerPlan } from './mail-plan.ts';

const versions = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;

/** Null where it comes to no TLS. The names of the planned chains hold what SNI says. */
export function tlsTruthOf(plan: MailServerPlan): TlsTruth | null {
  if (plan.kind !== 'tls') return null;
  const { chains, withoutSni, minVersion = 'TLSv1.2', maxVersion = 'TLSv1.3' } = plan;
  const has = (version: (typeof versions)[number]) =>
    versions.indexOf(minVersion) <= versions.indexOf(version) &&
    versions.indexOf(version) <= versions.indexOf(maxVersion);
  return {
    protocol: maxVersion,
    tls12: has('TLSv1.2'),
    tls13: has('TLSv1.3'),
    withoutSni:
      withoutSni === undefined
        ? 'same-chain'
        : chains.some((chain) => keyOf(chain) === keyOf(withoutSni))
          ? 'same-key'
          : 'other-key',
    keys: [...new Set(chains.map(({ keyType }) => keysOf[keyType]))],
  };
}

const keysOf: Readonly<Record<ChainPlan['keyType'], string>> = {
  ec: 'ec 256',
  rsa: 'rsa 2048',
  'rsa-1024': 'rsa 1024',
};

function keyOf({ keyType, key }: ChainPlan): string {
  return `${keyType} ${key}`;
}
