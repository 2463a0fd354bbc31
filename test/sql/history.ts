/** Six censuses, a day apart, of domains and MX hosts with a scripted life. What each does stands beside it. */
import type { Db } from '../../src/store/db.ts';
import { type ScriptedDomain, type ScriptedHost, writeCensus } from './scripted-census.ts';

export const CENSUSES = 6;

/** By host, what it is like from a census on, until the next one that is named. */
const hosts: Readonly<Record<string, Readonly<Record<number, ScriptedHost>>>> = {
  // Announces its next key, uses it two days later, then removes the legacy record and announces the next.
  'mx.in-time.example': {
    1: { records: ['3 1 1 K1'] },
    2: { records: ['3 1 1 K1', '3 1 1 K2'] },
    4: { records: ['3 1 1 K1', '3 1 1 K2'], shows: ['K2'] },
    5: { records: ['3 1 1 K2', '3 1 1 K3'], shows: ['K2'] },
  },
  // Announces its next key, and uses it within two days; two TTLs are more than that.
  'mx.too-early.example': {
    1: { records: ['3 1 1 K1'], ttl: 100_000 },
    2: { records: ['3 1 1 K1', '3 1 1 K2'], ttl: 100_000 },
    3: { records: ['3 1 1 K1', '3 1 1 K2'], ttl: 100_000, shows: ['K2'] },
    4: { records: ['3 1 1 K2'], ttl: 100_000, shows: ['K2'] },
  },
  // Uses a new key without a record of it, and is repaired by one a day later.
  'mx.missed.example': {
    1: { records: ['3 1 1 K1'] },
    3: { records: ['3 1 1 K1'], shows: ['K2'] },
    4: { records: ['3 1 1 K2'], shows: ['K2'] },
  },
  // Changes key and record between two looks: which came first was not seen.
  'mx.at-once.example': {
    1: { records: ['3 1 1 K1'] },
    3: { records: ['3 1 1 K2'], shows: ['K2'] },
  },
  // Renews its certificate over the same key, which its record is of.
  'mx.key-kept.example': { 1: { records: ['3 1 1 K1'] }, 3: { records: ['3 1 1 K1'], shows: ['K1/2'] } },
  // The same, but its record is of the certificate; it has not been repaired.
  'mx.renewed.example': { 1: { records: ['3 0 1 K1'] }, 3: { records: ['3 0 1 K1'], shows: ['K1/2'] } },
  // Current and issuer: the new key comes under the same issuer, the record of the old one stays.
  'mx.issuer.example': {
    1: { records: ['3 1 1 K1', '2 1 1 I1'], issuer: 'I1' },
    3: { records: ['3 1 1 K1', '2 1 1 I1'], issuer: 'I1', shows: ['K2'] },
  },
  // Could not be reached at the third look: the key may have changed before it.
  'mx.unreached.example': {
    1: { records: ['3 1 1 K1'] },
    2: { records: ['3 1 1 K1', '3 1 1 K2'] },
    3: { records: ['3 1 1 K1', '3 1 1 K2'], shows: null },
    4: { records: ['3 1 1 K1', '3 1 1 K2'], shows: ['K2'] },
  },
  // No roll-over at all, but like one: RSA and ECDSA both current, one key described three times, usage 2 on the leaf, usage 2
  // on a certificate that is not sent.
  'mx.both-current.example': { 1: { records: ['3 1 1 K1', '3 1 1 rsa:R1'], shows: ['K1', 'rsa:R1'] } },
  'mx.same-key.example': { 1: { records: ['3 1 1 K1', '3 0 1 K1', '3 1 0 K1'] } },
  'mx.ta-on-leaf.example': { 1: { records: ['3 1 1 K1', '2 1 1 K1', '2 1 1 I9'], issuer: 'I1' } },
  // Has TLSA records from the third look to the fourth; the lookup fails at the sixth.
  'mx.comes-and-goes.example': { 1: {}, 3: { records: ['3 1 1 K1'] }, 5: {}, 6: { lookup: 'bogus' } },
  // No DANE.
  'mx.plain.example': { 1: {} },
};

/** By domain, the same; null: not in the list. */
const domains: Readonly<Record<string, Readonly<Record<number, ScriptedDomain | null>>>> = {
  ...Object.fromEntries(Object.keys(hosts).map((host) => [host.slice(3), { 1: { hosts: [host] } }])),
  'loses-ds.example': {
    1: { hosts: ['mx.key-kept.example'] },
    4: { hosts: ['mx.key-kept.example'], signed: false },
    6: { hosts: ['mx.key-kept.example'] },
  },
  'moves-to.example': { 1: { hosts: ['mx.plain.example'] }, 3: { hosts: ['mx.key-kept.example'] } },
  'moves-away.example': { 1: { hosts: ['mx.key-kept.example'] }, 5: { hosts: ['mx.plain.example'] } },
  'not-looked.example': {
    1: { hosts: ['mx.key-kept.example'] },
    3: { hosts: [], lookup: 'ours' },
    4: { hosts: ['mx.key-kept.example'] },
  },
  'listed-late.example': { 1: null, 4: { hosts: ['mx.key-kept.example'] } },
  'listed-early.example': { 1: { hosts: ['mx.key-kept.example'] }, 3: null },
  'gives-up-mail.example': { 1: { hosts: ['mx.key-kept.example'] }, 5: { hosts: null } },
  // Bogus at the second and fourth look, and nobody could look at the third.
  'bogus.example': {
    1: { hosts: ['mx.plain.example'] },
    2: { hosts: [], lookup: 'bogus' },
    3: { hosts: [], lookup: 'ours' },
    4: { hosts: [], lookup: 'bogus' },
    5: { hosts: ['mx.plain.example'] },
  },
};

/** What holds at a census: what was said last, up to it. */
function at<T>(life: Readonly<Record<number, T>>, census: number): T {
  const since = Object.keys(life)
    .map(Number)
    .filter((from) => from <= census);
  return life[Math.max(...since)]!;
}

/** Writes censuses 1 to 6, in order. */
export async function writeHistory(db: Db): Promise<void> {
  for (let census = 1; census <= CENSUSES; census++) {
    const listed = Object.entries(domains).flatMap(([name, life]) => {
      const script = at(life, census);
      return script === null ? [] : [[name, script] as const];
    });
    await writeCensus(db, {
      domains: Object.fromEntries(listed),
      hosts: Object.fromEntries(Object.entries(hosts).map(([host, life]) => [host, at(life, census)])),
    });
  }
}
