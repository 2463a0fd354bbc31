/** RFC 4035 Appendix B, with the keys and signatures that the RFC prints (RSA/SHA-1, April 2004). */
import { describe, expect, test } from 'vitest';
import type { PlainRecord } from '../../src/dns/message-writer.ts';
import { name } from '../../src/dns/name.ts';
import { Rcode } from '../../src/dns/rcode.ts';
import { readDnskey } from '../../src/dns/rdata-dnssec.ts';
import { recordOf } from '../../src/dns/record-of.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { verifyAnswer } from '../../src/dnssec/answer.ts';
import { verifyDelegation } from '../../src/dnssec/delegation.ts';
import { DnskeyEntry } from '../../src/dnssec/dnskey-entry.ts';
import { verifyZoneKeys } from '../../src/dnssec/zone-keys.ts';
import { PublishedZone, secondsOf } from './published-zone.ts';
import { ask, message, type Sections, validation } from './signed-zone.ts';

const { A, NS, SOA, HINFO, MX, AAAA, DS, NSEC, DNSKEY } = RRType;
const AT = secondsOf('20040501000000');
const until = AT + 3600;

/** Appendix A. */
const zone = new PublishedZone(`
example. 3600 SOA ns1.example. bugs.x.w.example. 1081539377 3600 300 3600000 3600
example. 3600 RRSIG SOA 5 1 3600 20040509183619 20040409183619 38519 example. ONx0k36rcjaxYtcNgq6iQnpNV5+drqYAsC9h7TSJaHCqbhE67Sr6aH2xDUGcqQWu/n0UVzrFvkgO9ebarZ0GWDKcuwlM6eNB5SiX2K74l5LWDA7S/Un/IbtDq4Ay8NMNLQI7Dw7n4p8/rjkBjV7j86HyQgM5e7+miRAz8V01b0I=
example. 3600 NS ns1.example.
example. 3600 NS ns2.example.
example. 3600 RRSIG NS 5 1 3600 20040509183619 20040409183619 38519 example. gl13F00f2U0R+SWiXXLHwsMY+qStYy5k6zfdEuivWc+wd1fmbNCyql0Tk7lHTX6UOxc8AgNf4ISFve8XqF4q+o9qlnqIzmppU3LiNeKT4FZ8RO5urFOvoMRTbQxW3U0hXWuggE4g3ZpsHv480HjMeRaZB/FRPGfJPajngcq6Kwg=
example. 3600 MX 1 xx.example.
example. 3600 RRSIG MX 5 1 3600 20040509183619 20040409183619 38519 example. HyDHYVT5KHSZ7HtO/vypumPmSZQrcOP3tzWB2qaKkHVPfau/DgLgS/IKENkYOGL95G4N+NzEVyNU8dcTOckT+ChPcGeVjguQ7a3Ao9Z/ZkUO6gmmUW4b89rz1PUxW4jzUxj66PTwoVtUU/iMW6OISukd1EQt7a0kygkg+PEDxdI=
example. 3600 NSEC a.example. NS SOA MX RRSIG NSEC DNSKEY
example. 3600 RRSIG NSEC 5 1 3600 20040509183619 20040409183619 38519 example. O0k558jHhyrC97ISHnislm4kLMW48C7U7cBmFTfhke5iVqNRVTB1STLMpgpbDIC9hcryoO0VZ9ME5xPzUEhbvGnHd5sfzgFVeGxr5Nyyq4tWSDBgIBiLQUv1ivy29vhXy7WgR62dPrZ0PWvmjfFJ5arXf4nPxp/kEowGgBRzY/U=
example. 3600 DNSKEY 256 3 5 AQOy1bZVvpPqhg4j7EJoM9rI3ZmyEx2OzDBVrZy/lvI5CQePxXHZS4i8dANH4DX3tbHol61ek8EFMcsGXxKciJFHyhl94C+NwILQdzsUlSFovBZsyl/NX6yEbtw/xN9ZNcrbYvgjjZ/UVPZIySFNsgEYvh0z2542lzMKR4Dh8uZffQ==
example. 3600 DNSKEY 257 3 5 AQOeX7+baTmvpVHb2CcLnL1dMRWbuscRvHXlLnXwDzvqp4tZVKp1sZMepFb8MvxhhW3y/0QZsyCjczGJ1qk8vJe52iOhInKROVLRwxGpMfzPRLMlGybr51bOV/1se0ODacj3DomyB4QB5gKTYot/K9alk5/j8vfd4jWCWD+E1Sze0Q==
example. 3600 RRSIG DNSKEY 5 1 3600 20040509183619 20040409183619 9465 example. ZxgauAuIj+k1YoVEOSlZfx41fcmKzTFHoweZxYnz99JVQZJ33wFS0Q0jcP7VXKkaElXk9nYJXevO/7nAbo88iWsMkSpSR6jWzYYKwfrBI/L9hjYmyVO9m6FjQ7uwM4dCP/bIuV/DKqOAK9NYNC3AHfvCV1Tp4VKDqxqG7R5tTVM=
example. 3600 RRSIG DNSKEY 5 1 3600 20040509183619 20040409183619 38519 example. eGL0s90glUqcOmloo/2y+bSzyEfKVOQViD9ZDNhLz/Yn9CQZlDVRJffACQDAUhXpU/oP34ribKBpysRXosczFrKqS5Oa0bzMOfXCXup9qHApeFIku28Vqfr8Nt7cigZLxjK+u0Ws/4lIRjKk7z5OXogYVaFzHKillDt3HRxHIZM=
a.example. 3600 DS 57855 5 1 B6DCD485719ADCA18E5F3D48A2331627FDD3636B
a.example. 3600 RRSIG DS 5 2 3600 20040509183619 20040409183619 38519 example. oXIKit/QtdG64J/CB+Gi8dOvnwRvqrto1AdQoRkAN15FP3iZ7suB7gvTBmXzCjL7XUgQVcoHkdhyCuzp8W9qJHgRUSwKKkczSyuL64nhgjuDEML8l9wlWVsl7PR2VnZduM9bLyBhaaPmRKX/Fm+v6ccF2EGNLRiY08kdkz+XHHo=
ai.example. 3600 A 192.0.2.9
ai.example. 3600 RRSIG A 5 2 3600 20040509183619 20040409183619 38519 example. pAOtzLP2MU0tDJUwHOKE5FPIIHmdYsCgTb5BERGgpnJluA9ixOyf6xxVCgrEJW0WNZSsJicdhBHXfDmAGKUajUUlYSAH8tS4ZnrhyymIvk3uArDu2wfT130e9UHnumaHHMpUTosKe22PblOy6zrTpg9FkS0XGVmYRvOTNYx2HvQ=
ai.example. 3600 HINFO KLH-10 ITS
ai.example. 3600 RRSIG HINFO 5 2 3600 20040509183619 20040409183619 38519 example. Iq/RGCbBdKzcYzlGE4ovbr5YcB+ezxbZ9W0le/7WqyvhOO9J16HxhhL7VY/IKmTUY0GGdcfhZEOCkf4lEykZF9NPok1/R/fWrtzNp8jobuY7AZEcZadp1WdDF3jc2/ndCa5XZhLKD3JzOsBwFvL8sqlS5QS6FY/ijFEDnI4RkZA=
ai.example. 3600 AAAA 2001:db8::f00:baa9
ai.example. 3600 RRSIG AAAA 5 2 3600 20040509183619 20040409183619 38519 example. nLcpFuXdT35AcE+EoafOUkl69KB+/e56XmFKkewXG2IadYLKAOBIoR5+VoQV3XgTcofTJNsh1rnF6Eav2zpZB3byI6yo2bwY8MNkr4A7cL9TcMmDwV/hWFKsbGBsj8xSCN/caEL2CWY/5XP2sZM6QjBBLmukH30+w1z3h8PUP2o=
b.example. 3600 NSEC ns1.example. NS RRSIG NSEC
b.example. 3600 RRSIG NSEC 5 2 3600 20040509183619 20040409183619 38519 example. GNuxHn844wfmUhPzGWKJCPY5ttEX/RfjDoOx9ueK1PtYkOWKOOdiJ/PJKCYB3hYX+858dDWSxb2qnV/LSTCNVBnkm6owOpysY97MVj5VQEWs0lm9tFoqjcptQkmQKYPrwUnCSNwvvclSF1xZvhRXgWT7OuFXldoCG6TfVFMs9xE=
ns1.example. 3600 A 192.0.2.1
ns1.example. 3600 RRSIG A 5 2 3600 20040509183619 20040409183619 38519 example. F1C9HVhIcs10cZU09G5yIVfKJy5yRQQ3qVet5pGhp82pzhAOMZ3K22JnmK4c+IjUeFp/to06im5FVpHtbFisdjyPq84bhTv8vrXt5AB1wNB++iAqvIfdgW4sFNC6oADb1hK8QNauw9VePJhKv/iVXSYC0b7mPSU+EOlknFpVECs=
ns1.example. 3600 NSEC ns2.example. A RRSIG NSEC
ns1.example. 3600 RRSIG NSEC 5 2 3600 20040509183619 20040409183619 38519 example. I4hj+Kt6+8rCcHcUdolks2S+Wzri9h3fHas81rGN/eILdJHN7JpV6lLGPIh/8fIBkfvdyWnBjjf1q3O7JgYO1UdI7FvBNWqaaEPJK3UkddBqZIaLi8Qr2XHkjq38BeQsbp8X0+6h4ETWSGT8IZaIGBLryQWGLw6Y6X8dqhlnxJM=
ns2.example. 3600 A 192.0.2.2
ns2.example. 3600 RRSIG A 5 2 3600 20040509183619 20040409183619 38519 example. V7cQRw1TR+knlaL1z/psxlS1PcD37JJDaCMqQo6/u1qFQu6x+wuDHRH22Ap9ulJPQjFwMKOuyfPGQPC8KzGdE3vt5snFEAoE1Vn3mQqtu7SO6amIjk13Kj/jyJ4nGmdRIc/3cM3ipXFhNTKqrdhx8SZ0yy4ObIRzIzvBFLiSS8o=
*.w.example. 3600 MX 1 ai.example.
*.w.example. 3600 RRSIG MX 5 2 3600 20040509183619 20040409183619 38519 example. OMK8rAZlepfzLWW75Dxd63jy2wswESzxDKG2f9AMN1CytCd10cYISAxfAdvXSZ7xujKAtPbctvOQ2ofO7AZJ+d01EeeQTVBPq4/6KCWhqe2XTjnkVLNvvhnc0u28aoSsG0+4InvkkOHknKxw4kX18MMR34i8lC36SR5xBni8vHI=
*.w.example. 3600 NSEC x.w.example. MX RRSIG NSEC
*.w.example. 3600 RRSIG NSEC 5 2 3600 20040509183619 20040409183619 38519 example. r/mZnRC3I/VIcrelgIcteSxDhtsdlTDt8ng9HSBlABOlzLxQtfgTnn8f+aOwJIAFe1Ee5RvU5cVhQJNP5XpXMJHfyps8tVvfxSAXfahpYqtx91gsmcV/1V9/bZAG55CefP9cM4Z9Y9NT9XQ8s1InQ2UoIv6tJEaaKkP701j8OLA=
x.w.example. 3600 MX 1 xx.example.
x.w.example. 3600 RRSIG MX 5 3 3600 20040509183619 20040409183619 38519 example. Il2WTZ+Bkv+OytBx4LItNW5mjB4RCwhOO8y1XzPHZmZUTVYL7LaA63f6T9ysVBzJRI3KRjAPH3U1qaYnDoN1DrWqmi9RJe4FoObkbcdm7P3Ikx70ePCoFgRz1Yq+bVVXCvGuAU4xALv3W/Y1jNSlwZ2mSWKHfxFQxPtLj8s32+k=
x.y.w.example. 3600 NSEC xx.example. MX RRSIG NSEC
x.y.w.example. 3600 RRSIG NSEC 5 4 3600 20040509183619 20040409183619 38519 example. OvE6WUzN2ziieJcvKPWbCAyXyP6ef8cr6CspArVSTzKSquNwbezZmkU7E34o5lmb6CWSSSpgxw098kNUFnHcQf/LzY2zqRomubrNQhJTiDTXa0ArunJQCzPjOYq5t0SLjm6qp6McJI1AP5VrQoKqJDCLnoAlcPOPKAm/jJkn3jk=
xx.example. 3600 A 192.0.2.10
xx.example. 3600 RRSIG A 5 2 3600 20040509183619 20040409183619 38519 example. kBF4YxMGWF0D8r0cztL+2fWWOvN1U/GYSpYP7SoKoNQ4fZKyk+weWGlKLIUM+uE1zjVTPXoa0Z6WG0oZp46rkl1EzMcdMgoaeUzzAJ2BMq+YVdxG9IK1yZkYGY9AgbTOGPoAgbJyO9EPULsxkbIDV6GPPSZVusnZU6OMgdgzHV4=
xx.example. 3600 AAAA 2001:db8::f00:baaa
xx.example. 3600 RRSIG AAAA 5 2 3600 20040509183619 20040409183619 38519 example. Zzj0yodDxcBLnnOIwDsuKo5WqiaK24DlKg9CaGaxDFiKgKobUj2jilYQHpGFn2poFRetZd4zulyQkssz2QHrVrPuTMS22knudCiwP4LWpVTrU4zfeA+rDz9stmSBP/4PekH/x2IoAYnwctd/xS9cL2QgW7FChw16mzlkH6/vsfs=
`);

const dnskeys = zone.rrset('example.', DNSKEY);
const keyReply = message(ask('example.', DNSKEY), { answer: zone.signed('example.', DNSKEY) });

function keysFrom(anchor: PlainRecord) {
  const trusted = { name: name('example.'), ds: [], keys: [readDnskey(recordOf(anchor))!] };
  const verdict = verifyZoneKeys(name('example.'), trusted, keyReply, validation({ at: AT }));
  if (verdict.status !== 'secure') throw new Error(verdict.because);
  return verdict.keys;
}

const keys = keysFrom(dnskeys[1]!);

function judge(owner: string, type: number, sections: Sections, at = AT) {
  const question = ask(owner, type);
  return verifyAnswer(keys, question, message(question, sections), validation({ at }));
}

describe('RFC 4035 Appendix A: the DNSKEY RRset', () => {
  test('the key tags are those of its RRSIG records', () => {
    expect(dnskeys.map((record) => DnskeyEntry.of(recordOf(record))!.keyTag)).toEqual([38519, 9465]);
  });

  test.each([0, 1])('key %i signed it', (i) => expect(keysFrom(dnskeys[i]!).entries).toHaveLength(2));
});

describe('RFC 4035 Appendix A, B.1: answers', () => {
  test.each([
    ['example.', SOA],
    ['example.', NS],
    ['example.', MX],
    ['ai.example.', A],
    ['ai.example.', HINFO],
    ['ai.example.', AAAA],
    ['ns1.example.', A],
    ['ns2.example.', A],
    ['*.w.example.', MX],
    ['x.w.example.', MX],
    ['xx.example.', A],
    ['xx.example.', AAAA],
  ])('%s type %i', (owner, type) => {
    const answer = zone.signed(owner, type);
    expect(judge(owner, type, { answer })).toEqual({
      status: 'secure',
      kind: 'answer',
      rrset: expect.anything(),
      until,
    });
    expect(judge(owner, type, { answer }, secondsOf('20040509183620'))).toMatchObject({
      because: 'rrsig-expired',
    });
    expect(judge(owner, type, { answer }, secondsOf('20040409183618'))).toMatchObject({
      because: 'rrsig-not-yet-valid',
    });
  });
});

interface Denial {
  readonly title: string;
  readonly owner: string;
  readonly type: number;
  readonly rcode?: number;
  readonly answer?: PlainRecord[];
  readonly proof: PlainRecord[][];
  readonly said: object;
}

const denials: Denial[] = [
  {
    title: 'B.2: name error',
    owner: 'ml.example.',
    type: A,
    rcode: Rcode.NXDOMAIN,
    proof: [zone.signed('b.example.', NSEC), zone.signed('example.', NSEC)],
    said: { kind: 'nxdomain' },
  },
  {
    title: 'B.3: no data',
    owner: 'ns1.example.',
    type: MX,
    proof: [zone.signed('ns1.example.', NSEC)],
    said: { kind: 'nodata' },
  },
  {
    title: 'B.6: wildcard expansion',
    owner: 'a.z.w.example.',
    type: MX,
    answer: zone.signed('*.w.example.', MX, 'a.z.w.example.'),
    proof: [zone.signed('x.y.w.example.', NSEC)],
    said: { kind: 'answer', wildcard: name('*.w.example.') },
  },
  {
    title: 'B.7: wildcard no data',
    owner: 'a.z.w.example.',
    type: AAAA,
    proof: [zone.signed('x.y.w.example.', NSEC), zone.signed('*.w.example.', NSEC)],
    said: { kind: 'nodata', wildcard: name('*.w.example.') },
  },
];

describe.each(denials)('RFC 4035 Appendix $title', ({ owner, type, rcode = 0, answer = [], proof, said }) => {
  const sections = (groups: PlainRecord[][]) => ({
    rcode,
    answer,
    authority: [...(answer.length === 0 ? zone.signed('example.', SOA) : []), ...groups.flat()],
  });

  test('is proven', () => {
    const denial = { kind: 'nsec' };
    expect(judge(owner, type, sections(proof))).toMatchObject({ status: 'secure', denial, until, ...said });
  });

  test('is not, without any one of its records', () => {
    for (const left of proof) {
      const verdict = judge(owner, type, sections(proof.filter((group) => group !== left)));
      expect(verdict.status).toBe('bogus');
    }
  });
});

describe('RFC 4035 Appendix B.4, B.5, B.8: zone cuts', () => {
  const cut = (child: string, authority: PlainRecord[]) =>
    verifyDelegation(
      keys,
      name(child),
      message(ask(`mc.${child}`, MX), { authority }),
      validation({ at: AT }),
    );

  test('B.4: a referral to a signed zone', () => {
    expect(cut('a.example.', zone.signed('a.example.', DS))).toMatchObject({
      kind: 'signed',
      ds: [{ keyTag: 57855, algorithm: 5, digestType: 1 }],
      until,
    });
    expect(cut('a.example.', zone.rrset('a.example.', DS))).toEqual({
      kind: 'bogus',
      because: 'rrsig-missing',
    });
  });

  test('B.5: a referral to an unsigned zone', () => {
    expect(cut('b.example.', zone.signed('b.example.', NSEC))).toMatchObject({
      kind: 'insecure',
      because: 'insecure-delegation',
      until,
    });
    expect(cut('a.example.', zone.signed('b.example.', NSEC))).toEqual({
      kind: 'bogus',
      because: 'denial-incomplete',
    });
  });

  test('B.8: the child’s own denial of its DS RRset says nothing of the parent’s', () => {
    const authority = [...zone.signed('example.', SOA), ...zone.signed('example.', NSEC)];
    expect(judge('example.', DS, { authority })).toEqual({ status: 'bogus', because: 'denial-incomplete' });
  });
});
