import { expect, test } from 'vitest';
import { ancestorLines, nameServerLines, uselessLines } from '../../src/cli/name-server-lines.ts';
import { behavioursOf, consequenceOf } from '../../src/survey/ancestor-consequence.ts';
import type { HostFacts } from '../../src/survey/facts.ts';
import type { ServerAnswerFact } from '../../src/survey/name-server-facts.ts';

const answer: ServerAnswerFact = {
  server: 'ns1.example',
  address: '192.0.2.1',
  name: '_25._tcp.mx.example',
  rcode: 'NOERROR',
  answer: 'aa',
  status: 'secure',
  reason: null,
  serial: 7,
  faults: [],
};

test('each address with a fault has its line', () => {
  const bad: ServerAnswerFact = {
    ...answer,
    address: '192.0.2.2',
    rcode: 'TIMEOUT',
    status: null,
    serial: null,
    faults: ['name-server-mangles-case', 'name-server-silent'],
  };
  expect(nameServerLines('  ', [answer, bad])).toEqual([
    '  name servers: 2 addresses asked, 1 with faults',
    '    ns1.example 192.0.2.2: name-server-mangles-case, name-server-silent (TIMEOUT)',
  ]);
  expect(nameServerLines('', [])).toEqual([]);
});

test('servers of no use on the way', () => {
  const useless = [{ address: '192.0.2.2', because: 'refused' as const }];
  const fact = { outcome: 'data', status: 'secure', reason: null, rcode: 'NOERROR', ttl: 60 } as const;
  expect(uselessLines('', 'MX', { ...fact, useless })).toEqual(['MX lookup: no use of 192.0.2.2 (refused)']);
  expect(uselessLines('', 'MX', fact)).toEqual([]);
});

test('who loses the records, in words', () => {
  const exists = { proof: 'exists', isSecure: false } as const;
  const denied = { proof: 'denied-validly', isSecure: true } as const;
  const behaviours = behavioursOf([
    { tlsa: 'found', ancestors: [exists] },
    { tlsa: 'found', ancestors: [denied] },
  ]);
  const host = {
    ancestors: [
      {
        name: '_tcp.mx.example',
        rcode: 'NXDOMAIN',
        proof: 'denied-validly',
        reason: null,
        servers: [
          {
            server: 'ns2.example',
            address: '192.0.2.2',
            rcode: 'NXDOMAIN',
            proof: 'denied-validly',
            reason: null,
          },
        ],
      },
    ],
    behaviours,
    ancestorConsequence: consequenceOf(behaviours),
  } satisfies Partial<HostFacts>;
  expect(ancestorLines('', host)).toEqual([
    'ancestors of the TLSA name, as each name server answers for them:',
    '  _tcp.mx.example at ns2.example 192.0.2.2: NXDOMAIN, denied-validly',
    'what becomes of the TLSA records, by the resolver of the sender:',
    '  strict-minimisation (RFC 9156 to the letter): sometimes found, sometimes lost (silently unprotected)',
    '  relaxed-minimisation (as BIND and Knot Resolver by default): found',
    '  harden-below-nxdomain (as Unbound by default): sometimes found, sometimes lost (silently unprotected)',
    '  aggressive-nsec (RFC 8198): found; once the ancestor was asked for, sometimes found, sometimes lost (silently unprotected)',
    '  no-minimisation (asks for the full name): found',
    'consequence: some senders see no TLSA records and deliver unprotected, without a word',
    'to mend it: let every name server answer NOERROR for these names (rectify the zone and sign it again)',
  ]);
  expect(ancestorLines('', { ...host, behaviours: [] })).toEqual([]);
});
