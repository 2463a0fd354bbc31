/** Which budget of validation ended. What is bogus for such a reason would have cost more than a validator should pay. */
import type { Reason } from './reason.ts';

export const validationBudgetReasons = {
  'signature-budget-spent': {
    source: 'CVE-2023-50387, own limit',
    ede: 6,
    mender: 'dns',
    says: 'verifying the signatures would take more time than is allowed',
    hint: 'remove surplus keys and signatures; sign with algorithm 13 (ECDSAP256SHA256)',
  },
  'signatures-too-many': {
    source: 'CVE-2023-50387, own limit',
    ede: 6,
    mender: 'dns',
    says: 'an RRset has more signatures that do not verify than are tried',
    hint: 'remove signatures of former keys, and sign the zone again',
  },
  'key-collisions-too-many': {
    source: 'CVE-2023-50387, own limit',
    ede: 6,
    mender: 'dns',
    says: 'more keys share one key tag than are tried for a signature',
    hint: 'remove surplus keys, or generate keys until their key tags differ',
  },
  'dnskeys-too-many': {
    source: 'CVE-2024-1737, own limit',
    ede: 9,
    mender: 'dns',
    says: 'the DNSKEY RRset has more keys than are looked at',
    hint: 'remove keys that sign nothing',
  },
  'ds-digest-budget-spent': {
    source: 'CVE-2023-50387, own limit',
    ede: 9,
    mender: 'domain',
    says: 'more DS records and keys share key tags than digests may be computed',
    hint: 'remove DS records that name no key of the zone',
  },
  'nsec3-hash-budget-spent': {
    source: 'CVE-2023-50868, own limit',
    ede: 27,
    mender: 'dns',
    says: 'the NSEC3 proof would take more hashing than is allowed',
    hint: 'set NSEC3 iterations to 0, use no salt, and sign again',
  },
  'denial-records-too-many': {
    source: 'RFC 5155 §7.2, own limit',
    ede: 6,
    mender: 'dns',
    says: 'the negative answer carries more NSEC or NSEC3 records than are looked at, and those do not prove it',
    hint: 'let the name server send only the records that the proof needs',
  },
} as const satisfies Record<string, Reason>;
