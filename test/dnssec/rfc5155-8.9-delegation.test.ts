import { describe, expect, test } from 'vitest';
import type { PlainRecord } from '../../src/dns/message-writer.ts';
import { name, nameToBytes } from '../../src/dns/name.ts';
import { Rcode } from '../../src/dns/rcode.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { writeTypeBitmap } from '../../src/dns/type-bitmap.ts';
import { verifyAnswer } from '../../src/dnssec/answer.ts';
import { verifyDelegation } from '../../src/dnssec/delegation.ts';
import { NSEC3_ITERATION_LIMITS, type Nsec3IterationLimits } from '../../src/dnssec/limits.ts';
import { AT, ask, EXAMPLE, message, type Sections, SignedZone, validation } from './signed-zone.ts';

const { DS, NS, MX, CNAME, DNAME } = RRType;
const nsec = new SignedZone('example.', EXAMPLE);
const nsec3 = new SignedZone('example.', EXAMPLE, { nsec3: { iterations: 1 } });
const optOut = new SignedZone('example.', EXAMPLE, { nsec3: { optOut: true } });

function judge(
  zone: SignedZone,
  child: string,
  sections: Sections,
  nsec3Iterations = NSEC3_ITERATION_LIMITS,
) {
  const v = validation({ nsec3Iterations });
  return verifyDelegation(zone.keys(), name(child), message(ask(child, DS), sections), v);
}

/** A referral: NS, and what stands beside it. */
function referral(zone: SignedZone, child: string, ...beside: PlainRecord[][]): Sections {
  const ns = { ...zone.rrset('unsigned.example.', NS)[0]!, name: name(child) };
  return { authority: [ns, ...beside.flat()] };
}

const bogus = (because: string) => ({ kind: 'bogus', because });
/** Two records show an opt-out span (RFC 5155 §8.9), one does the rest. */
const insecure = (because: string) => ({
  kind: 'insecure',
  because,
  witness: Array.from({ length: because === 'insecure-opt-out' ? 2 : 1 }, () => expect.anything()),
  until: AT + 300,
});
const notACut = { kind: 'not-a-cut', until: AT + 300 };

describe('RFC 4035 §5.2: signed', () => {
  const ds = nsec.signed('signed.example.', DS);
  test('DS in a referral and in a reply to the DS question', () => {
    const expected = { kind: 'signed', ds: [{ keyTag: 1, algorithm: 13, digestType: 2 }], until: AT + 3600 };
    expect(judge(nsec, 'signed.example.', referral(nsec, 'signed.example.', ds))).toMatchObject(expected);
    expect(judge(nsec, 'signed.example.', { answer: ds })).toMatchObject(expected);
  });

  test.each<[string, PlainRecord[], string]>([
    ['no signature', ds.slice(0, 1), 'rrsig-missing'],
    ['expired', nsec.signed('signed.example.', DS, { expiration: AT - 1 }), 'rrsig-expired'],
    [
      'signed by the child',
      nsec.signed('signed.example.', DS, { signer: name('signed.example.') }),
      'rrsig-wrong-signer',
    ],
    [
      'digest changed',
      [{ ...ds[0]!, rdata: Buffer.from(ds[0]!.rdata).fill(7, 4) }, ds[1]!],
      'signature-invalid',
    ],
    ['expanded from a wildcard', nsec.signed('signed.example.', DS, { labels: 1 }), 'wildcard-unproven'],
    ['taken away', [], 'ds-denial-missing'],
    ['denied by its own NSEC', nsec.match('signed.example.'), 'denial-contradicts'],
    ['denied by its own NSEC3', nsec3.match('signed.example.'), 'denial-contradicts'],
    ['a gap of another name', nsec.match('mail.example.'), 'denial-incomplete'],
  ])('downgrade: %s', (_, beside, because) => {
    const zone = because === 'denial-contradicts' && beside[0]!.type === RRType.NSEC3 ? nsec3 : nsec;
    expect(judge(zone, 'signed.example.', referral(zone, 'signed.example.', beside))).toEqual(bogus(because));
  });

  test('DS records outlive their message', () => {
    const reply = message(ask('signed.example.', DS), { answer: ds });
    const verdict = verifyDelegation(nsec.keys(), name('signed.example.'), reply, validation());
    reply.octets.fill(0);
    expect(verdict.kind === 'signed' && verdict.ds[0]!.digest[1]).toBe(0x11);
  });

  test('a delegation to the zone itself or sideways is our own mistake', () => {
    expect(() => judge(nsec, 'example.', {})).toThrow('internal error');
    expect(() => judge(nsec, 'example.com.', {})).toThrow('internal error');
  });
});

describe('RFC 4035 §5.2, RFC 5155 §8.6, §8.9: insecure, with proof', () => {
  test('NSEC at the cut', () => {
    const proof = nsec.match('unsigned.example.');
    expect(judge(nsec, 'unsigned.example.', referral(nsec, 'unsigned.example.', proof))).toEqual(
      insecure('insecure-delegation'),
    );
  });

  test('NSEC3 at the cut', () => {
    const proof = nsec3.match('unsigned.example.');
    expect(judge(nsec3, 'unsigned.example.', referral(nsec3, 'unsigned.example.', proof))).toEqual(
      insecure('insecure-delegation'),
    );
  });

  const encloser = optOut.match('example.');
  const span = optOut.cover('unsigned.example.');
  test('RFC 5155 §6: opt-out span', () => {
    expect(judge(optOut, 'unsigned.example.', referral(optOut, 'unsigned.example.', encloser, span))).toEqual(
      insecure('insecure-opt-out'),
    );
  });

  test('RFC 5155 §6: opt-out span above a name two labels down', () => {
    expect(judge(optOut, 'a.unsigned.example.', { authority: [...encloser, ...span] })).toEqual(
      insecure('insecure-opt-out'),
    );
  });

  test.each<[string, PlainRecord[][], string]>([
    ['without the closest encloser', [span], 'denial-incomplete'],
    ['without the span', [encloser], 'denial-incomplete'],
    ['without both', [], 'ds-denial-missing'],
    ['without signature', [encloser, span.slice(0, 1)], 'rrsig-missing'],
    ['with the flag forged', [encloser, forgedOptOut(nsec3.cover('nope.example.'))], 'denial-incomplete'],
    [
      'with an unknown flag (RFC 5155 §8.2)',
      [withOctet(encloser, 1, 2), withOctet(span, 1, 3)],
      'ds-denial-missing',
    ],
    [
      'with an unknown hash (RFC 5155 §8.1)',
      [withOctet(encloser, 0, 2), withOctet(span, 0, 2)],
      'ds-denial-missing',
    ],
  ])('opt-out %s', (_, proof, because) => {
    expect(judge(optOut, 'unsigned.example.', referral(optOut, 'unsigned.example.', ...proof))).toEqual(
      bogus(because),
    );
  });

  test('a forged Opt-Out flag breaks the signature', () => {
    const proof = [nsec3.match('example.'), forgedOptOut(nsec3.cover('nope.example.'))];
    expect(judge(nsec3, 'nope.example.', referral(nsec3, 'nope.example.', ...proof))).toEqual(
      bogus('signature-invalid'),
    );
  });

  test('opt-out does not hide a child that has DS records', () => {
    const proof = [encloser, optOut.match('signed.example.')];
    expect(judge(optOut, 'signed.example.', referral(optOut, 'signed.example.', ...proof))).toEqual(
      bogus('denial-contradicts'),
    );
  });
});

function withOctet([record, ...rest]: PlainRecord[], at: number, octet: number): PlainRecord[] {
  const rdata = Buffer.from(record!.rdata);
  rdata[at] = octet;
  return [{ ...record!, rdata }, ...rest];
}

function forgedOptOut(span: PlainRecord[]): PlainRecord[] {
  return withOctet(span, 1, 1);
}

describe('no zone cut at all', () => {
  test.each<[string, SignedZone, string, Sections]>([
    ['NSEC without NS', nsec, 'mail.example.', { authority: nsec.match('mail.example.') }],
    ['NSEC3 without NS', nsec3, 'mail.example.', { authority: nsec3.match('mail.example.') }],
    [
      'an empty non-terminal by NSEC',
      nsec,
      '_tcp.mail.example.',
      { authority: nsec.cover('_tcp.mail.example.') },
    ],
    [
      'an empty non-terminal by NSEC3',
      nsec3,
      '_tcp.mail.example.',
      { authority: nsec3.match('_tcp.mail.example.') },
    ],
    [
      'a name that does not exist, by NSEC',
      nsec,
      'nope.example.',
      { rcode: Rcode.NXDOMAIN, authority: nsec.cover('nope.example.') },
    ],
    [
      'a name that does not exist, by NSEC3',
      nsec3,
      'nope.example.',
      { rcode: Rcode.NXDOMAIN, authority: [...nsec3.match('example.'), ...nsec3.cover('nope.example.')] },
    ],
  ])('%s', (_, zone, child, sections) => expect(judge(zone, child, sections)).toEqual(notACut));

  test('an alias', () => {
    expect(judge(nsec, 'alias.example.', { answer: nsec.signed('alias.example.', CNAME) })).toMatchObject({
      kind: 'not-a-cut',
    });
    expect(
      judge(nsec, 'x.redirected.example.', { answer: nsec.signed('redirected.example.', DNAME) }),
    ).toMatchObject({
      kind: 'not-a-cut',
    });
    expect(judge(nsec, 'alias.example.', { answer: nsec.rrset('alias.example.', CNAME) })).toEqual(
      bogus('rrsig-missing'),
    );
  });

  test('RFC 6840 §4.4: not by the apex of the child, nor below another delegation', () => {
    const child = new SignedZone('unsigned.example.', '');
    expect(judge(nsec, 'unsigned.example.', { authority: child.match('unsigned.example.') })).toEqual(
      bogus('rrsig-wrong-signer'),
    );
    const below = nsec.cover('a.unsigned.example.');
    expect(judge(nsec, 'a.unsigned.example.', { authority: below })).toEqual(bogus('denial-incomplete'));
  });
});

test('RFC 6840 §4.4: a record with SOA says nothing of the parent side, even under the parent key', () => {
  const types = writeTypeBitmap([NS, RRType.SOA, RRType.RRSIG, RRType.NSEC]);
  const rdata = Buffer.concat([nameToBytes(name('v.example.')), types]);
  const record = { name: name('unsigned.example.'), type: RRType.NSEC, ttl: 300, rdata };
  const authority = [record, nsec.sign([record])];
  expect(judge(nsec, 'unsigned.example.', { authority })).toEqual(bogus('denial-incomplete'));
});

test('RFC 4035 §5.3.3: a proof lasts as long as its shortest record', () => {
  const until = (encloserTtl: number, spanTtl: number) => {
    const proof = [
      ...nsec3.match('example.').map((record) => ({ ...record, ttl: encloserTtl })),
      ...nsec3.cover('nope.example.').map((record) => ({ ...record, ttl: spanTtl })),
    ];
    return judge(nsec3, 'nope.example.', { authority: proof });
  };
  expect(until(10, 20)).toEqual({ kind: 'not-a-cut', until: AT + 10 });
  expect(until(20, 10)).toEqual({ kind: 'not-a-cut', until: AT + 10 });
});

describe('RFC 9276 §3.2: iterations', () => {
  const at = (iterations: number) => new SignedZone('example.', EXAMPLE, { nsec3: { iterations } });
  const cut = (zone: SignedZone, limits?: Nsec3IterationLimits) =>
    judge(zone, 'unsigned.example.', { authority: zone.match('unsigned.example.') }, limits);
  const nodata = (zone: SignedZone) => {
    const question = ask('mail.example.', RRType.TXT);
    const reply = message(question, { authority: zone.match('mail.example.') });
    return verifyAnswer(zone.keys(), question, reply, validation());
  };

  test.each([
    [100, insecure('insecure-delegation'), { status: 'secure', denial: { iterations: 100 } }],
    [
      101,
      insecure('nsec3-iterations-insecure'),
      { status: 'insecure', because: 'nsec3-iterations-insecure', denial: { iterations: 101 } },
    ],
    [
      500,
      insecure('nsec3-iterations-insecure'),
      { status: 'insecure', because: 'nsec3-iterations-insecure' },
    ],
    [
      65535,
      insecure('nsec3-iterations-insecure'),
      { status: 'insecure', because: 'nsec3-iterations-insecure' },
    ],
  ])('%i', (iterations, delegation, denial) => {
    const zone = at(iterations);
    expect(cut(zone)).toEqual(delegation);
    expect(nodata(zone)).toMatchObject(denial);
  });

  test('the limits can be chosen', () => {
    expect(cut(at(1), { insecureAbove: 0, bogusAbove: 500 })).toEqual(insecure('nsec3-iterations-insecure'));
    expect(cut(at(1), { insecureAbove: 0, bogusAbove: 0 })).toEqual(bogus('nsec3-iterations-bogus'));
  });

  test('iterations raised on the way are not believed', () => {
    const zone = at(1);
    const raised = withOctet(zone.match('unsigned.example.'), 3, 200);
    expect(judge(zone, 'unsigned.example.', { authority: raised })).toEqual(bogus('signature-invalid'));
  });

  test('positive answers of such a zone stay secure, expanded wildcards do not', () => {
    const zone = at(200);
    const question = ask('example.', MX);
    const plain = message(question, { answer: zone.signed('example.', MX) });
    expect(verifyAnswer(zone.keys(), question, plain, validation()).status).toBe('secure');
    const wild = ask('x.wild.example.', RRType.TXT);
    const expanded = message(wild, {
      answer: zone.expanded('*.wild.example.', 'x.wild.example.', RRType.TXT),
      authority: zone.cover('x.wild.example.'),
    });
    expect(verifyAnswer(zone.keys(), wild, expanded, validation())).toMatchObject({
      status: 'insecure',
      because: 'nsec3-iterations-insecure',
      kind: 'answer',
    });
  });
});

describe('RFC 5155 §9.2: nothing under an opt-out span is secure', () => {
  const judged = (owner: string, type: number, sections: Sections) => {
    const question = ask(owner, type);
    return verifyAnswer(optOut.keys(), question, message(question, sections), validation());
  };
  const denial = { kind: 'nsec3', iterations: 0, optOut: true };
  const expected = { status: 'insecure', because: 'insecure-opt-out', denial };

  test('NXDOMAIN', () => {
    const authority = [
      optOut.match('example.'),
      optOut.cover('nope.example.'),
      optOut.cover('*.example.'),
    ].flat();
    expect(judged('nope.example.', MX, { rcode: Rcode.NXDOMAIN, authority })).toMatchObject({
      ...expected,
      kind: 'nxdomain',
    });
  });
  test('NODATA, DS or not', () => {
    const authority = [optOut.match('example.'), optOut.cover('unsigned.example.')].flat();
    expect(judged('unsigned.example.', DS, { authority })).toMatchObject({ ...expected, kind: 'nodata' });
    expect(judged('unsigned.example.', MX, { authority })).toMatchObject({ ...expected, kind: 'nodata' });
  });
  test('an expanded wildcard', () => {
    const answer = optOut.expanded('*.wild.example.', 'x.wild.example.', RRType.TXT);
    const authority = optOut.cover('x.wild.example.');
    expect(judged('x.wild.example.', RRType.TXT, { answer, authority })).toMatchObject({
      ...expected,
      kind: 'answer',
    });
  });
  test('but a name that exists is', () => {
    const authority = optOut.match('mail.example.');
    expect(judged('mail.example.', RRType.TXT, { authority })).toMatchObject({
      status: 'secure',
      kind: 'nodata',
    });
  });
});
