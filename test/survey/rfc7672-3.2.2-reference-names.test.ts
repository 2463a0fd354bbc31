/** RFC 7672 §3.2.2: the TLSA base domain alone is a reference name of the MX host itself; a name on the way there is none. */
import { expect, test } from 'vitest';
import { toHex } from '../../src/base/bytes.ts';
import { describeCertificate } from '../../src/pki/certificate-fact.ts';
import type { ProbeEndpoint } from '../../src/survey/probe-port.ts';
import { surveyHost } from '../../src/survey/survey-host.ts';
import { digest, intermediate, keys, leaf, NOW, root, spkiOf } from '../pki/hierarchy.ts';
import { portsOver, small } from './small-world.ts';

const anchor = `TLSA 2 1 1 ${toHex(digest('sha256', spkiOf(keys.root)))}`;
const canonical = ['mx CNAME real', 'real A 203.0.113.2', `_25._tcp.real ${anchor}`];
const original = ['mx CNAME real', 'real A 203.0.113.2', `_25._tcp.mx ${anchor}`];

test.each([
  ['the canonical name, with the records there', canonical, 'real.example.test', null],
  ['the alias, with the records at the canonical name', canonical, 'mx.example.test', 'ta-name-mismatch'],
  ['the alias, with the records there', original, 'mx.example.test', null],
  ['the canonical name, with the records at the alias', original, 'real.example.test', 'ta-name-mismatch'],
])('a certificate that names %s', async (_, lines, named, reason) => {
  const { ports } = portsOver(small(lines));
  const chain = [leaf({ subject: named, dnsNames: [named] }), intermediate(), root()];
  const probe: ProbeEndpoint = async () => ({
    reached: 'tls',
    fault: null,
    because: null,
    banner: '',
    capabilities: ['STARTTLS'],
    capabilitiesInTls: null,
    starttlsOffered: true,
    handshakes: [{ protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384', chain }],
    secondKey: 'not-offered',
    tls12: null,
    tls13: true,
    withoutSni: null,
    chainWithoutSni: null,
    seenAt: NOW,
  });
  const facts = await surveyHost('mx.example.test', { ...ports, probe, describe: describeCertificate });
  expect(facts.endpoints).toMatchObject([{ verdict: reason === null ? 'authenticated' : 'failed', reason }]);
});
