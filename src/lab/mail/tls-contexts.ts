/** TLS contexts of the lab's mail servers, made at first use and kept while they are in use. */
import { createSecureContext, type SecureContext } from 'node:tls';
import { writePemCertificate } from '../../pki/pem.ts';
import type { MailServerPlan } from '../plan/mail-plan.ts';
import { recent } from '../recent.ts';
import type { ChainMaker } from './chain.ts';

export type TlsPlan = Extract<MailServerPlan, { kind: 'tls' }>;

/** The context for a server name that a client sends, or for none. */
export type ContextFor = (plan: TlsPlan, serverName: string | undefined) => SecureContext;

/** Contexts in memory; a probe comes to each address twice or three times in a row. */
const CONTEXTS_KEPT = 500;

export function createContexts({ chain }: ChainMaker): ContextFor {
  const context = recent(CONTEXTS_KEPT, (text) => {
    const { chains, minVersion, maxVersion } = JSON.parse(text) as Omit<TlsPlan, 'kind' | 'withoutSni'>;
    const made = chains.map(chain);
    const isOld = minVersion === 'TLSv1' || chains.some(({ keyType }) => keyType === 'rsa-1024');
    return createSecureContext({
      key: made.map(({ leafKey }) => leafKey.export({ type: 'pkcs8', format: 'pem' }) as string),
      cert: made.map(({ sent }) => sent.map(writePemCertificate).join('')),
      ...(minVersion && { minVersion }),
      ...(maxVersion && { maxVersion }),
      // OpenSSL has no old versions and small keys above security level 0.
      ...(isOld && { ciphers: 'DEFAULT:@SECLEVEL=0' }),
    });
  });
  return ({ chains, withoutSni, minVersion, maxVersion }, serverName) => {
    const isNamed = chains.some(({ names }) => serverName !== undefined && names.includes(serverName));
    const shown = withoutSni === undefined || isNamed ? chains : [withoutSni];
    return context(JSON.stringify({ chains: shown, minVersion, maxVersion }));
  };
}
