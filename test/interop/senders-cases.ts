/**
 * Domains below nl., each with one thing to see, the servers behind them, and what came of mail to them with real senders:
 * Postfix 3.7.11 (OpenSSL 3.0) and Exim 4.96 (GnuTLS 3.7) of Debian 12.
 */
import type { SenderKey } from '../../src/dane/senders.ts';
import type { SenderOutcome } from '../../src/survey/sender-verdicts.ts';
import type { ZoneToServe } from './nsd.ts';
import type { PostfixListener } from './postfix.ts';
import {
  ec,
  expiredEc,
  type IssuedOptions,
  issued,
  rsa,
  type ServerChain,
  stranger,
  theIntermediate,
  theRoot,
  tlsa,
} from './senders-chains.ts';
import { domain } from './small-internet.ts';

/** A listener before its chains are files. */
export interface ServerAt extends Pick<PostfixListener, 'level' | 'settings'> {
  readonly address: string;
  readonly chains: readonly ServerChain[];
  /** Chains by the name that SNI must ask for (RFC 7672 §8.1). */
  readonly bySni?: Readonly<Record<string, ServerChain>>;
  /** Its chain files cannot be read: STARTTLS is answered by 454. */
  readonly withoutKeys?: boolean;
}

export const servers: ServerAt[] = [];

function serve(chains: readonly ServerChain[], rest: Partial<ServerAt> = {}): string {
  const number = servers.length + 1;
  const address = rest.address ?? `5.45.1.${number}`;
  servers.push({ level: 'may', chains, ...rest, address });
  return address;
}

const at = {
  ec: serve([ec]),
  ecV6: serve([ec], { address: '2a10:5300::1' }),
  rsa: serve([rsa]),
  dual: serve([ec, rsa]),
  stranger: serve([stranger]),
  strangerV6: serve([stranger], { address: '2a10:5300::2' }),
  expired: serve([expiredEc]),
  plain: serve([], { level: 'none' }),
  refusing: serve([ec], { withoutKeys: true }),
  /** No cipher that a client without pre-shared keys has. */
  failing: serve([ec], {
    settings: ['smtpd_tls_protocols=TLSv1.2', 'tls_medium_cipherlist=PSK-AES128-GCM-SHA256'],
  }),
  tls10: serve([ec], {
    settings: ['smtpd_tls_protocols=TLSv1', 'tls_medium_cipherlist=ALL:@SECLEVEL=0'],
  }),
  nobody: '5.45.9.9',
};

const outcomeOf: Readonly<Record<string, SenderOutcome>> = {
  A: 'authenticated',
  E: 'encrypted',
  C: 'clear',
  D: 'deferred',
  B: 'bounced',
};

export interface SenderCase {
  /** The domain is `label`.nl. */
  readonly label: string;
  readonly zones: readonly ZoneToServe[];
  /** Senders of which we say that the outcome is open, since we could not look, or it depends on more than we saw. */
  readonly open?: readonly SenderKey[];
  /** Where a sender does something else than our rules say, and why we leave it so. */
  readonly exceptions?: Readonly<Partial<Record<SenderKey, { ours: SenderOutcome; because: string }>>>;
  /** What the sender's own log said. Several where chance decides. */
  readonly seen: Readonly<Partial<Record<SenderKey, readonly SenderOutcome[]>>>;
}

const signed = { algorithm: 'ECDSAP256SHA256' };

const everybody: readonly SenderKey[] = [
  'postfix-dane',
  'postfix-dane-mx-may',
  'postfix-dane-only',
  'opportunistic',
  'exim-try',
  'exim-require',
];

/**
 * "A A E A A": one letter, or several for chance, for Postfix `dane`, `dane-only` and `may`, Exim `hosts_try_dane` and
 * `hosts_require_dane`, and, where that differs, for `dane` with smtp_tls_dane_insecure_mx_policy = may.
 */
function seenFrom(letters: string): SenderCase['seen'] {
  const [dane, only, may, tried, required, mxMay = dane] = letters
    .split(' ')
    .map((some) => [...some].map((letter) => outcomeOf[letter]!));
  return {
    'postfix-dane': dane!,
    'postfix-dane-mx-may': mxMay!,
    'postfix-dane-only': only!,
    opportunistic: may!,
    'exim-try': tried!,
    'exim-require': required!,
  };
}

/** A signed zone of its own with these lines, those of its MX records among them. */
function zone(label: string, lines: readonly string[], rest: Partial<ZoneToServe> = signed): ZoneToServe {
  const made = domain(label, [], rest);
  return { ...made, lines: [...made.lines.filter((line) => !line.includes(' MX ')), ...lines] };
}

function at25(name: string, ...records: readonly string[]): string[] {
  return records.map((record) => `_25._tcp.${name} TLSA ${record}`);
}

/** One MX host, signed, with records at an address. */
function host(
  label: string,
  seen: string,
  address: string,
  records: readonly string[],
  rest: Partial<ZoneToServe> = signed,
): SenderCase {
  const lines = ['@ MX 10 mx', `mx A ${address}`, ...at25('mx', ...records)];
  return { label, zones: [zone(label, lines, rest)], seen: seenFrom(seen) };
}

/** The same with a chain of its own that names `name`, by default the host. */
function anchored(
  label: string,
  seen: string,
  records: readonly string[],
  { name = `mx.${label}.nl`, ...rest }: IssuedOptions & { readonly name?: string } = {},
): SenderCase {
  return host(label, seen, serve([issued(name, rest)]), records);
}

/** A domain that is an alias, by another, of the one above it; a host whose certificate names one of the three. */
function anchoredForAlias(label: string, seen: string, name: string): SenderCase {
  const above = label.replace(/^alias\./, '');
  const lines = ['alias CNAME way', 'way CNAME @', '@ MX 10 mx', `mx A ${serve([issued(name)])}`];
  return zoned(label, seen, zone(above, [...lines, ...at25('mx', taRoot)]));
}

/** Any zones. */
function zoned(label: string, seen: string, ...zones: readonly ZoneToServe[]): SenderCase {
  return { label, zones, seen: seenFrom(seen) };
}

const [ecCert, rsaCert, strangerCert] = [ec, rsa, stranger].map(({ certificates }) => certificates[0]!) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
const matching = tlsa(3, 1, 1, ecCert);
const stale = `3 1 1 ${'ab'.repeat(32)}`;
const taRoot = tlsa(2, 1, 1, theRoot);

const without = (pattern: RegExp) => (text: string) =>
  text
    .split('\n')
    .filter((line) => !pattern.test(line))
    .join('\n');
const tlsaSpoilt = { ...signed, spoil: without(/\sRRSIG\sTLSA\s/) };

export const cases: readonly SenderCase[] = [
  // RFC 6698 §2.1: usage, selector, matching type
  host('ee-311', 'A A E A A', at.ec, [matching]),
  host('ee-301', 'A A E A A', at.ec, [tlsa(3, 0, 1, ecCert)]),
  host('ee-312', 'A A E A A', at.ec, [tlsa(3, 1, 2, ecCert)]),
  host('ee-302', 'A A E A A', at.ec, [tlsa(3, 0, 2, ecCert)]),
  host('ee-310', 'A A E A A', at.ec, [tlsa(3, 1, 0, ecCert)]),
  host('ee-300', 'A A E A A', at.ec, [tlsa(3, 0, 0, ecCert)]),
  anchored('ta-211', 'A A E A A', [taRoot]),
  anchored('ta-201', 'A A E A A', [tlsa(2, 0, 1, theRoot)]),
  anchored('ta-212', 'A A E A A', [tlsa(2, 1, 2, theRoot)]),
  anchored('ta-202', 'A A E A A', [tlsa(2, 0, 2, theRoot)]),
  anchored('ta-210', 'A A E A A', [tlsa(2, 1, 0, theRoot)]),
  anchored('ta-200', 'A A E A A', [tlsa(2, 0, 0, theRoot)]),

  // RFC 7671 §5.2, RFC 7672 §3.1.2: DANE-TA
  anchored('ta-intermediate', 'A A E A A', [tlsa(2, 1, 1, theIntermediate)], { above: [theIntermediate] }),
  anchored('ta-not-sent', 'D D E D D', [taRoot], { above: [theIntermediate] }),
  anchored('ta-200-not-sent', 'A A E D D', [tlsa(2, 0, 0, theRoot)], { above: [theIntermediate] }),
  anchored('ta-210-not-sent', 'A A E D D', [tlsa(2, 1, 0, theRoot)], { above: [theIntermediate] }),
  anchored('ta-wrong-name', 'D D E D D', [taRoot], { name: 'mx.example' }),
  anchored('ta-next-hop', 'A A E D D', [taRoot], { name: 'ta-next-hop.nl' }),
  anchoredForAlias('alias.ta-expanded', 'A A E D D', 'ta-expanded.nl'),
  anchoredForAlias('alias.ta-way', 'D D E D D', 'way.ta-way.nl'),
  anchored('ta-expired', 'D D E D D', [taRoot], { isExpired: true }),
  host('ta-of-leaf', 'D D E D D', at.ec, [tlsa(2, 1, 1, ecCert)]),
  host('ee-expired', 'A A E A A', at.expired, [matching]),

  // RFC 7672 §2.2: several records, none that matches, none that counts
  host('mismatch', 'D D E D D', at.ec, [stale]),
  host('stale-and-next', 'A A E A A', at.ec, [stale, matching]),
  anchored('ee-stale-ta-good', 'A A E A A', [stale, taRoot]),
  host('pkix-ta', 'E D E E E', at.ec, [tlsa(0, 1, 1, ecCert)]),
  host('pkix-ee', 'E D E E E', at.ec, [tlsa(1, 1, 1, ecCert)]),
  host('pkix-ee-and-ee', 'A A E A A', at.ec, [tlsa(1, 1, 1, ecCert), matching]),
  host('pkix-ee-and-stale', 'D D E D D', at.ec, [tlsa(1, 1, 1, ecCert), stale]),
  host('pkix-ee-without-tls', 'D D C D D', at.plain, [tlsa(1, 1, 1, ecCert)]),
  host('digest-length', 'E D E E E', at.ec, ['3 1 1 abcdef']),
  host('key-unparsable', 'E D E D D', at.ec, ['3 1 0 abcdef']),
  host('certificate-unparsable', 'E D E D D', at.ec, ['2 0 0 abcdef']),
  host('usage-unknown', 'E D E E E', at.ec, [`4 1 1 ${matching.slice(6)}`]),
  host('selector-unknown', 'E D E E E', at.ec, [`3 2 1 ${matching.slice(6)}`]),
  host('matching-type-unknown', 'E D E E E', at.ec, [`3 1 9 ${matching.slice(6)}`]),
  // RFC 7671 §9
  host('agility', 'D D E A A', at.ec, [matching, `3 1 2 ${'ab'.repeat(64)}`]),

  // RFC 7672 §2.1.2: lookups that fail
  host('tlsa-bogus', 'D D E D D', at.ec, [matching], tlsaSpoilt),
  host('denial-bogus', 'D D E D D', at.ec, [], {
    ...signed,
    spoil: without(/\sNSEC\s|\sRRSIG\sNSEC\s/),
  }),
  zoned(
    'tlsa-lame',
    'D D E D D',
    zone('tlsa-lame', [
      '@ MX 10 mx',
      `mx A ${at.ec}`,
      '_tcp.mx NS ns',
      `_tcp.mx DS 1 13 2 ${'ab'.repeat(32)}`,
    ]),
  ),
  host('mx-bogus', 'D D D D D', at.ec, [matching], { ...signed, spoil: without(/\sRRSIG\sMX\s/) }),
  host('address-bogus', 'D D D D D', at.ec, [matching], { ...signed, spoil: without(/^mx.*\sRRSIG\sA\s/) }),
  zoned(
    'one-address-bogus',
    'A A E A A',
    zone(
      'one-address-bogus',
      [
        '@ MX 10 mx1',
        '@ MX 20 mx2',
        `mx1 A ${at.ec}`,
        `mx2 A ${at.ec}`,
        ...at25('mx1', matching),
        ...at25('mx2', matching),
      ],
      { ...signed, spoil: without(/^mx1.*\sRRSIG\sA\s/) },
    ),
  ),
  zoned(
    'one-tlsa-bogus',
    'E D E D D',
    zone(
      'one-tlsa-bogus',
      ['@ MX 10 mx1', '@ MX 20 mx2', `mx1 A ${at.ec}`, `mx2 A ${at.ec}`, ...at25('mx1', matching)],
      tlsaSpoilt,
    ),
  ),

  // RFC 3207 §4: STARTTLS
  host('no-starttls', 'D D C D D', at.plain, [matching]),
  host('starttls-refused', 'D D C D D', at.refusing, [matching]),
  host('tls-fails', 'D D C D D', at.failing, [matching]),
  {
    ...host('tls10', 'D D E A A', at.tls10, [matching]),
    open: ['postfix-dane', 'postfix-dane-mx-may', 'postfix-dane-only', 'opportunistic'],
  },
  {
    ...host('absent-tls10', 'E D E E B', at.tls10, []),
    open: ['postfix-dane', 'postfix-dane-mx-may', 'opportunistic'],
  },
  { ...host('nobody', 'D D D D D', at.nobody, [matching]), open: everybody },
  host('absent', 'E D E E B', at.ec, []),
  host('absent-no-starttls', 'C D C C B', at.plain, []),
  host('absent-starttls-refused', 'C D C C B', at.refusing, []),
  host('absent-tls-fails', 'C D C C B', at.failing, []),

  // RFC 7672 §2.2.1: several hosts and addresses
  zoned(
    'absent-first-tls-fails',
    'E D E C B',
    zone('absent-first-tls-fails', ['@ MX 10 mx1', '@ MX 20 mx2', `mx1 A ${at.failing}`, `mx2 A ${at.ec}`]),
  ),
  {
    ...zoned('first-tls-fails-second-stale', 'C D E C D', firstFailsSecondStale()),
    exceptions: { 'exim-require': { ours: 'bounced', because: 'its process dies (signal 11)' } },
  },
  zoned('two-hosts-first-broken', 'A A E A A', twoHosts('two-hosts-first-broken', at.stranger, at.ec)),
  zoned('two-hosts-second-broken', 'A A E A A', twoHosts('two-hosts-second-broken', at.ec, at.stranger)),
  zoned('two-hosts-broken', 'D D E D D', twoHosts('two-hosts-broken', at.stranger, at.stranger)),
  zoned(
    'first-broken-second-plain',
    'E D E E B',
    twoHosts('first-broken-second-plain', at.stranger, at.ec, []),
  ),
  zoned('first-plain-second-good', 'E A E E B', {
    ...twoHosts('first-plain-second-good', at.ec, at.ec),
    lines: twoHosts('first-plain-second-good', at.ec, at.ec).lines.filter(
      (line) => !line.startsWith('_25._tcp.mx1'),
    ),
  }),
  zoned('equal-hosts-one-plain', 'AE A E AE AB', {
    ...twoHosts('equal-hosts-one-plain', at.ec, at.ec, []),
    lines: twoHosts('equal-hosts-one-plain', at.ec, at.ec, []).lines.map((line) =>
      line.replace('MX 20', 'MX 10'),
    ),
  }),
  zoned(
    'two-addresses',
    'A A E A A',
    zone('two-addresses', ['@ MX 10 mx', `mx A ${at.stranger}`, `mx A ${at.ec}`, ...at25('mx', matching)]),
  ),
  zoned(
    'ipv6-broken',
    'A A E A A',
    zone('ipv6-broken', ['@ MX 10 mx', `mx A ${at.ec}`, `mx AAAA ${at.strangerV6}`, ...at25('mx', matching)]),
  ),
  zoned(
    'ipv4-broken',
    'A A E A A',
    zone('ipv4-broken', ['@ MX 10 mx', `mx A ${at.stranger}`, `mx AAAA ${at.ecV6}`, ...at25('mx', matching)]),
  ),
  zoned('five-addresses-broken', 'D D E A A', manyBroken('five-addresses-broken', 5)),
  zoned('four-addresses-broken', 'A A E A A', manyBroken('four-addresses-broken', 4)),
  zoned(
    'one-host-without-address',
    'A A E A A',
    zone('one-host-without-address', [
      '@ MX 10 none',
      '@ MX 20 mx',
      `mx A ${at.ec}`,
      ...at25('mx', matching),
    ]),
  ),

  // Two key algorithms
  host('dual-ec-covered', 'A A E D D', at.dual, [matching]),
  host('dual-rsa-covered', 'D D E A A', at.dual, [tlsa(3, 1, 1, rsaCert)]),
  host('dual-covered', 'A A E A A', at.dual, [matching, tlsa(3, 1, 1, rsaCert)]),
  host('rsa', 'A A E A A', at.rsa, [tlsa(3, 1, 1, rsaCert)]),
  // RFC 7672 §8.1
  host('sni', 'A A E A A', serve([stranger], { bySni: { 'mx.sni.nl': ec } }), [matching]),
  host(
    'sni-default-covered',
    'D D E D D',
    serve([stranger], { bySni: { 'mx.sni-default-covered.nl': ec } }),
    [tlsa(3, 1, 1, strangerCert)],
  ),

  // RFC 7671 §7, RFC 7672 §2.2.2: aliases
  zoned(
    'tlsa-alias',
    'A A E A A',
    zone('tlsa-alias', ['@ MX 10 mx', `mx A ${at.ec}`, '_25._tcp.mx CNAME _dane', `_dane TLSA ${matching}`]),
  ),
  zoned(
    'tlsa-alias-insecure',
    'E D E E B',
    zone('tlsa-alias-insecure', [
      '@ MX 10 mx',
      `mx A ${at.ec}`,
      '_25._tcp.mx CNAME _25._tcp.mx.unsigned-provider.nl.',
    ]),
  ),
  zoned(
    'tlsa-wildcard',
    'A A E A A',
    zone('tlsa-wildcard', ['@ MX 10 mx', `mx A ${at.ec}`, `*._tcp.mx TLSA ${matching}`]),
  ),
  zoned(
    'mx-alias',
    'A A E A A',
    zone('mx-alias', ['@ MX 10 mx', 'mx CNAME real', `real A ${at.ec}`, ...at25('real', matching)]),
  ),
  zoned(
    'mx-alias-own-tlsa',
    'A A E E B',
    zone('mx-alias-own-tlsa', ['@ MX 10 mx', 'mx CNAME real', `real A ${at.ec}`, ...at25('mx', matching)]),
  ),
  zoned(
    'mx-alias-insecure',
    'A A E E B',
    zone('mx-alias-insecure', ['@ MX 10 mx', 'mx CNAME mx.unsigned-provider.nl.', ...at25('mx', matching)]),
  ),
  zoned(
    'mx-alias-ta-name',
    'D D E D D',
    zone('mx-alias-ta-name', [
      '@ MX 10 mx',
      'mx CNAME real',
      `real A ${serve([issued('mx.mx-alias-ta-name.nl')])}`,
      ...at25('real', taRoot),
    ]),
  ),

  // RFC 7505, RFC 5321 §5.1
  zoned('null-mx', 'B B B B B', zone('null-mx', ['@ MX 0 .'])),
  zoned(
    'no-mx',
    'A A E A A',
    zone('no-mx', [`@ A ${at.ec}`, ...at25('@', matching).map((line) => line.replace('.@', ''))]),
  ),
  zoned('no-mx-absent', 'E D E E B', zone('no-mx-absent', [`@ A ${at.ec}`])),
  zoned('no-mail', 'B B B B B', zone('no-mail', ['@ TXT "no mail"'])),
  zoned('no-domain', 'B B B B B'),
  zoned('mx-without-address', 'B B B B B', zone('mx-without-address', ['@ MX 10 mx', 'mx TXT "no address"'])),
  zoned('mx-nxdomain', 'B B B B B', zone('mx-nxdomain', ['@ MX 10 mx'])),
  host('xn--bcher-kva', 'A A E A A', at.ec, [matching]),

  // RFC 7672 §2.2.1, §2.2.2: insecure MX, insecure addresses
  zoned('insecure-mx', 'E D E E B', zone('insecure-mx', ['@ MX 10 mx.provider.nl.'], {})),
  zoned(
    'insecure-mx-mismatch',
    'D D E E B E',
    zone('insecure-mx-mismatch', ['@ MX 10 stale.provider.nl.'], {}),
  ),
  zoned(
    'insecure-mx-no-starttls',
    'D D C C B C',
    zone('insecure-mx-no-starttls', ['@ MX 10 plain.provider.nl.'], {}),
  ),
  zoned('insecure-mx-pkix', 'E D E E B', zone('insecure-mx-pkix', ['@ MX 10 pkix.provider.nl.'], {})),
  zoned(
    'insecure-mx-pkix-no-starttls',
    'D D C C B C',
    zone('insecure-mx-pkix-no-starttls', ['@ MX 10 pkix-plain.provider.nl.'], {}),
  ),
  zoned('insecure-mx-lame', 'D D E E B E', zone('insecure-mx-lame', ['@ MX 10 lame.provider.nl.'], {})),
  zoned('insecure-mx-absent', 'E D E E B', zone('insecure-mx-absent', ['@ MX 10 absent.provider.nl.'], {})),
  zoned('insecure-address', 'E D E E B', zone('insecure-address', ['@ MX 10 mx.unsigned-provider.nl.'])),
  anchoredBehindInsecureMx(),
  host('unsigned', 'E D E E B', at.ec, [matching], {}),
  zoned(
    'insecure-then-good',
    'E A E E B',
    zone('insecure-then-good', [
      '@ MX 10 mx.unsigned-provider.nl.',
      '@ MX 20 mx',
      `mx A ${at.ec}`,
      ...at25('mx', matching),
    ]),
  ),
  zoned(
    'good-then-insecure',
    'A A E A A',
    zone('good-then-insecure', [
      '@ MX 10 mx',
      '@ MX 20 mx.unsigned-provider.nl.',
      `mx A ${at.ec}`,
      ...at25('mx', matching),
    ]),
  ),
];

/** Zones that belong to no case. */
export const providers: readonly ZoneToServe[] = [
  zone('provider', [
    ...['mx', 'stale', 'pkix', 'lame', 'absent'].map((name) => `${name} A ${at.ec}`),
    ...['plain', 'pkix-plain'].map((name) => `${name} A ${at.plain}`),
    ...at25('mx', matching),
    ...at25('stale', stale),
    ...at25('plain', matching),
    ...at25('pkix', tlsa(1, 1, 1, ecCert)),
    ...at25('pkix-plain', tlsa(1, 1, 1, ecCert)),
    '_tcp.lame NS ns',
    `_tcp.lame DS 1 13 2 ${'ab'.repeat(32)}`,
  ]),
  zone('unsigned-provider', [`mx A ${at.ec}`, ...at25('mx', matching)], {}),
];

/** RFC 7672 §3.2.2 lets the name of the MX host alone count where anybody could have named it; Postfix takes the domain's too. */
function anchoredBehindInsecureMx(): SenderCase {
  const label = 'insecure-mx-ta-next-hop';
  const address = serve([issued(`${label}.nl`)]);
  return zoned(
    label,
    'E D E E B',
    zone(label, [`@ MX 10 mx.${label}-host.nl.`], {}),
    zone(`${label}-host`, [`mx A ${address}`, ...at25('mx', taRoot)]),
  );
}

/** The first host with so many addresses, none of which shows what its records demand; a good one behind it. */
function manyBroken(label: string, count: number): ZoneToServe {
  const broken = Array.from({ length: count }, () => serve([stranger]));
  return zone(label, [
    '@ MX 10 mx1',
    '@ MX 20 mx2',
    ...broken.map((address) => `mx1 A ${address}`),
    `mx2 A ${at.ec}`,
    ...at25('mx1', tlsa(3, 1, 1, ec.certificates[0]!)),
    ...at25('mx2', tlsa(3, 1, 1, ec.certificates[0]!)),
  ]);
}

function firstFailsSecondStale(): ZoneToServe {
  return zone('first-tls-fails-second-stale', [
    '@ MX 10 mx1',
    '@ MX 20 mx2',
    `mx1 A ${at.failing}`,
    `mx2 A ${at.ec}`,
    ...at25('mx2', `3 1 1 ${'ab'.repeat(32)}`),
  ]);
}

/** mx1 before mx2, both with matching records for `ec` but as told. */
function twoHosts(
  label: string,
  first: string,
  second: string,
  ofSecond: readonly string[] = [tlsa(3, 1, 1, ec.certificates[0]!)],
): ZoneToServe {
  return zone(label, [
    '@ MX 10 mx1',
    '@ MX 20 mx2',
    `mx1 A ${first}`,
    `mx2 A ${second}`,
    ...at25('mx1', tlsa(3, 1, 1, ec.certificates[0]!)),
    ...at25('mx2', ...ofSecond),
  ]);
}
