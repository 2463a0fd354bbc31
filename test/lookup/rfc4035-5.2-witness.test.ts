/** RFC 4035 §5.2: an answer is insecure only with the proof of the cut where security ended, and says which records these are. */
import { describe, expect, test } from 'vitest';
import { toBase32Hex } from '../../src/dns/base32hex.ts';
import { formatName, name, parentOf, prepend } from '../../src/dns/name.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { nsec3Hash } from '../../src/dnssec/nsec3-hash.ts';
import { trustAnchorsFrom } from '../../src/dnssec/trust-anchor.ts';
import { dnskeyOf } from '../../src/lab/signing/sign-rrset.ts';
import { keyOf, rootAnchor, type Spoil, verdict, without, world } from './signed-internet.ts';

const { A, DS, RRSIG, TXT } = RRType;

/** The NSEC3 record that matches a name of a zone whose chain has neither salt nor iterations. */
function nsec3At(owner: string, apex: string): string {
  const hash = toBase32Hex(nsec3Hash(name(owner), Buffer.alloc(0), 0));
  return `${formatName(prepend(hash, name(apex))!)} NSEC3`;
}

async function endOf(one: ReturnType<typeof world>, asked: string, type: number = A) {
  const { security } = await one.lookup.ask(name(asked), type);
  if (security.status !== 'insecure') throw new Error(`${security.status}`);
  return { at: security.at, witness: security.witness };
}

describe.each(['strict', 'relaxed', 'off'] as const)('RFC 4035 §5.2: minimisation %s', (minimisation) => {
  test.each([
    ['www.plain.test', 'plain.test.', ['plain.test. NSEC']],
    ['nothing.plain.test', 'plain.test.', ['plain.test. NSEC']],
    ['www.island.plain.test', 'plain.test.', ['plain.test. NSEC']],
    ['www.cohostedplain.test', 'cohostedplain.test.', ['cohostedplain.test. NSEC']],
    ['toplain.good.test', 'plain.test.', ['plain.test. NSEC']],
    ['back.plain.test', 'plain.test.', ['plain.test. NSEC']],
  ])('%s ends at %s', async (asked, at, witness) => {
    expect(await endOf(world({ minimisation }), asked)).toEqual({ at, witness });
  });

  test('RFC 5155 §8.9: an opt-out span, with the closest encloser', async () => {
    const one = world({ minimisation });
    const { at, witness } = await endOf(one, 'www.plain.opt');
    expect(at).toBe('plain.opt.');
    expect(witness).toHaveLength(2);
    expect(witness[0]).toBe(nsec3At('opt', 'opt'));
    expect(await endOf(one, 'plain.opt', DS)).toEqual({ at, witness });
  });

  test('RFC 9276 §3.2: an NSEC3 record with too many iterations', async () => {
    const { at, witness } = await endOf(world({ minimisation }), 'nothing.iterations.test');
    expect(at).toMatch(/iterations\.test\.$/);
    expect(witness).toHaveLength(1);
    expect(witness[0]).toMatch(/^[0-9a-v]{32}\.iterations\.test\. NSEC3$/);
  });

  test('RFC 6840 §5.2: DS records that cannot be followed', async () => {
    const spoil: Spoil = (parts, { zone, name: asked }) => {
      if (zone.text.apex !== 'test' || !formatName(asked).endsWith('good.test.')) return undefined;
      const ds = zone.rrset(name('good.test'), DS).map((record) => {
        const rdata = Buffer.from(record.rdata);
        rdata[2] = 253;
        return { ...record, rdata };
      });
      return { ...parts, authority: [...without(DS, RRSIG)(parts.authority), ...zone.signed(ds)] };
    };
    expect(await endOf(world({ minimisation, spoil }), 'www.good.test')).toEqual({
      at: 'good.test.',
      witness: ['good.test. DS'],
    });
  });

  test('an anchor that cannot be followed', async () => {
    const key = dnskeyOf(keyOf('.'), name('.'), 3600);
    const rdata = Buffer.from(key.rdata);
    rdata[3] = 253;
    const anchors = trustAnchorsFrom([{ ...key, rdata }]);
    expect(await endOf(world({ minimisation, anchors }), 'www.good.test')).toEqual({
      at: '.',
      witness: ['. DNSKEY'],
    });
  });
});

test('every name of this Internet: insecure with a witness at or above it, or not insecure', async () => {
  const one = world();
  const root = rootAnchor(one.zones.get('.')!);
  expect(root.ds).toHaveLength(1);
  let insecure = 0;
  for (const zone of one.zones.values()) {
    for (const label of ['www', 'nothing', 'x.wild']) {
      const asked = `${label}.${zone.text.apex === '.' ? '' : zone.text.apex}`;
      for (const type of [A, TXT, DS]) {
        const { security } = await one.lookup.ask(name(asked), type);
        if (security.status !== 'insecure') continue;
        insecure++;
        expect(security.witness.length).toBeGreaterThan(0);
        const above = security.at;
        expect(formatName(name(asked)).endsWith(above)).toBe(true);
        for (const record of security.witness) {
          expect(record).toMatch(/ (NSEC|NSEC3|DS)$/);
          const owner = name(record.split(' ')[0]!);
          // An NSEC3 record stands below the zone's apex, an NSEC or DS record at the cut or before it.
          const zoneOfProof = record.endsWith(' NSEC3') ? parentOf(owner) : owner;
          expect(one.zones.has(formatName(zoneOfProof).replace(/(.)\.$/, '$1'))).toBe(true);
        }
      }
    }
  }
  expect(insecure).toBeGreaterThan(30);
  expect(await verdict(one, 'www.good.test')).toBe('secure data');
});
