/** RFC 4592: wildcards, as the example zone of its §2.2.1 has them, signed with NSEC and with NSEC3. */
import { describe, expect, test } from 'vitest';
import { name } from '../../src/dns/name.ts';
import { Rcode } from '../../src/dns/rcode.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { verifyAnswer } from '../../src/dnssec/answer.ts';
import { ask, message, type Sections, SignedZone, validation } from './signed-zone.ts';

const { A, MX, TXT, SRV, NS, DS } = RRType;
const TEXT = `
* TXT "this is a wildcard"
* MX 10 host1
sub.* TXT "this is not a wildcard"
host1 A 192.0.2.1
_ssh._tcp.host1 SRV 0 0 22 host1
_ssh._tcp.host2 SRV 0 0 22 host1
subdel NS ns.subdel
`;
const zones = [
  { kind: 'NSEC', zone: new SignedZone('example.', TEXT) },
  { kind: 'NSEC3', zone: new SignedZone('example.', TEXT, { nsec3: {} }) },
];
const bogus = { status: 'bogus' };

describe.each(zones)('RFC 4592 §2.2.1 with $kind', ({ kind, zone }) => {
  const judge = (owner: string, type: number, sections: Sections) => {
    const question = ask(owner, type);
    return verifyAnswer(zone.keys(), question, message(question, sections), validation());
  };
  /** What shows that `next` does not exist; for NSEC3 with its closest encloser. */
  const absent = (asked: string, next: string, encloser: string) =>
    kind === 'NSEC' ? zone.cover(asked) : [...zone.match(encloser), ...zone.cover(next)];
  const expansion = (asked: string, next: string) => zone.cover(kind === 'NSEC' ? asked : next);

  test.each([
    ['host3.example.', MX, 'host3.example.'],
    ['host3.example.', TXT, 'host3.example.'],
    ['foo.bar.example.', TXT, 'bar.example.'],
  ])('%s type %i is synthesised', (owner, type, next) => {
    const answer = zone.expanded('*.example.', owner, type);
    const authority = expansion(owner, next);
    expect(judge(owner, type, { answer, authority })).toMatchObject({
      status: 'secure',
      wildcard: name('*.example.'),
    });
    expect(judge(owner, type, { answer })).toEqual({ status: 'bogus', because: 'wildcard-unproven' });
  });

  test('host3.example. A: no data, because a wildcard has other types', () => {
    const proof = [...absent('host3.example.', 'host3.example.', 'example.'), ...zone.match('*.example.')];
    expect(judge('host3.example.', A, { authority: proof })).toMatchObject({
      status: 'secure',
      kind: 'nodata',
      wildcard: name('*.example.'),
    });
    expect(judge('host3.example.', A, { rcode: Rcode.NXDOMAIN, authority: proof })).toMatchObject(bogus);
  });

  test.each([
    ['a name that exists', 'host1.example.', MX],
    ['an asterisk within a name', 'sub.*.example.', MX],
    ['an empty non-terminal', '_tcp.host1.example.', TXT],
    ['an empty non-terminal with no sibling', 'host2.example.', TXT],
  ])('%s is not synthesised', (_, owner, type) => {
    const answer = zone.expanded('*.example.', owner, type);
    const authority = kind === 'NSEC3' || owner === 'host1.example.' ? zone.match(owner) : zone.cover(owner);
    expect(
      judge(owner, type, { answer, authority: authority[0] === undefined ? [] : authority }),
    ).toMatchObject(bogus);
  });

  test.each([
    ['below a name that exists', 'ghost.host1.example.', 'ghost.host1.example.', 'host1.example.'],
    ['below an asterisk', 'ghost.*.example.', 'ghost.*.example.', '*.example.'],
    [
      'below an empty non-terminal',
      '_telnet._tcp.host1.example.',
      '_telnet._tcp.host1.example.',
      '_tcp.host1.example.',
    ],
  ])('%s there is nothing, and no wildcard', (_, owner, next, encloser) => {
    const authority = [...absent(owner, next, encloser), ...zone.cover(`*.${encloser}`)];
    expect(judge(owner, TXT, { rcode: Rcode.NXDOMAIN, authority })).toMatchObject({
      status: 'secure',
      kind: 'nxdomain',
    });
    const answer = zone.expanded('*.example.', owner, TXT);
    expect(judge(owner, TXT, { answer, authority })).toMatchObject(bogus);
  });

  test('an answer at the wildcard itself is no expansion', () => {
    const verdict = judge('*.example.', TXT, { answer: zone.signed('*.example.', TXT) });
    expect(verdict).toMatchObject({ status: 'secure' });
    expect(verdict).not.toHaveProperty('wildcard');
  });

  test('nor is an answer of no data there (RFC 4592 §3.3.2)', () => {
    expect(judge('*.example.', A, { authority: zone.match('*.example.') })).toMatchObject({
      status: 'secure',
      kind: 'nodata',
    });
  });

  test('the name of a delegation is not synthesised, nor what is below', () => {
    for (const owner of ['subdel.example.', 'host.subdel.example.']) {
      const answer = zone.expanded('*.example.', owner, TXT);
      const authority =
        owner === 'subdel.example.' || kind === 'NSEC3' ? zone.match('subdel.example.') : zone.cover(owner);
      expect(judge(owner, TXT, { answer, authority })).toMatchObject(bogus);
    }
  });

  test('the service of one host is not that of another', () => {
    const answer = zone.expanded('_ssh._tcp.host1.example.', '_ssh._tcp.host3.example.', SRV);
    expect(judge('_ssh._tcp.host3.example.', SRV, { answer })).toEqual({
      status: 'bogus',
      because: 'signature-invalid',
    });
  });
});

describe.each([
  ['NSEC', {}],
  ['NSEC3', { nsec3: {} }],
])('RFC 4592 §4.2, §4.6: NS and DS at a wildcard delegate nothing (%s)', (_, options) => {
  const zone = new SignedZone('example.', '* NS ns.test.\n* DS 1 13 2 00', options);
  test.each([NS, DS])('type %i', (type) => {
    const question = ask('x.example.', type);
    const answer = zone.expanded('*.example.', 'x.example.', type);
    const reply = message(question, { answer, authority: zone.cover('x.example.') });
    expect(verifyAnswer(zone.keys(), question, reply, validation())).toEqual({
      status: 'bogus',
      because: 'wildcard-unproven',
    });
  });
});
