/**
 * Does the chain that a server sent satisfy the TLSA records of its host? (RFC 7671 §5, RFC 7672 §3)
 *
 * In: the chain in DER as sent, leaf first, the records of a secure RRset, the names, the instant. Out: which record
 * matched at which depth, or the reason. Pure. One record that matches is enough (RFC 6698 §2.1); DANE-EE is tried first.
 *
 * - DANE-EE(3): the leaf alone; neither its names nor its validity are looked at (RFC 7672 §3.1.1).
 * - DANE-TA(2): an anchor above the leaf, sent or given in full by a 2 0 0 or 2 1 0 record; a path to it that
 *   `pki/path-validation.ts` accepts; and a leaf that names the TLSA base domain or a further reference name
 *   (RFC 7672 §3.1.2, §3.2.2). As in OpenSSL a record of usage 2 never matches the leaf itself, though the key of a
 *   2 1 0 record may be the one that signed it.
 *
 * Of several ways to fail the reason tells the one that came furthest: an anchor matched without a valid path
 * (`ta-chain-invalid`), a path without the name (`ta-name-mismatch`), both but out of date (`ta-expired`).
 */
import type { KeyObject } from 'node:crypto';
import type { Instant } from '../base/instant.ts';
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import { type Certificate, parseCertificate, sameCertificate } from '../pki/certificate.ts';
import { presentedNames } from '../pki/general-name.ts';
import { namesOneOf } from '../pki/host-name-match.ts';
import { searchPaths } from '../pki/path-search.ts';
import { validatePath } from '../pki/path-validation.ts';
import { parsePublicKey } from '../pki/public-key.ts';
import { matcherOf } from './tlsa-match.ts';
import { CertificateUsage, MatchingType, Selector } from './tlsa-parameters.ts';
import type { TlsaRecord } from './tlsa-record.ts';
import { judgeTlsaSet } from './tlsa-usability.ts';
import { rfc7671, type VerifyingManner } from './verifying-manner.ts';

/** Certificates of a chain that are looked at. Own limit: what the probe captures. */
export const MAX_CHAIN_CERTIFICATES = 32;
/** Paths whose certificates are judged. Own limit: real chains have one or two, for a cross-signed top. */
export const MAX_PATHS_JUDGED = 8;

export interface ChainToVerify {
  readonly chain: readonly Uint8Array[];
  /** As in the RRset, unusable ones included. */
  readonly records: readonly TlsaRecord[];
  /** A-labels in presentation form; always a reference name. */
  readonly baseDomain: string;
  readonly referenceNames: readonly string[];
  readonly at: Instant;
  /** RFC 7671's where it is left out. */
  readonly manner?: VerifyingManner;
}

/**
 * `depth`: of the certificate that the record matched, 0 the leaf; of the topmost certificate that the key of a 2 1 0
 * record signed where that key is in no certificate (as SSL_get0_dane_authority(3) counts).
 */
export interface TlsaMatch {
  readonly usage: number;
  readonly selector: number;
  readonly matchingType: number;
  readonly depth: number;
}

export type ChainVerdict =
  | { readonly ok: true; readonly matched: TlsaMatch }
  | {
      readonly ok: false;
      readonly reason: ReasonKey;
      /**
       * There where nothing but the name is amiss: all names that the leaf presents, as written in it, one of which as a further
       * reference name would make it a match. Text from the network; as many octets at most as a certificate has.
       */
      readonly namesInstead?: readonly string[];
    };

export function verifyChain({
  chain,
  records,
  baseDomain,
  referenceNames,
  at,
  manner = rfc7671,
}: ChainToVerify): ChainVerdict {
  const usable = [...judgeTlsaSet(records, manner).usable].sort(byPreference);
  if (usable.length === 0) return { ok: false, reason: 'tlsa-unusable' };
  if (chain[0] === undefined) return { ok: false, reason: 'chain-empty' };
  const leaf = parseCertificate(chain[0]);
  if (leaf === undefined) return { ok: false, reason: 'leaf-unparsable' };

  const endEntity = usable.filter(({ usage }) => usage === CertificateUsage['DANE-EE']).find(matcherOf(leaf));
  if (endEntity !== undefined) return { ok: true, matched: matchOf(endEntity, 0) };

  const sent = chain
    .slice(1, MAX_CHAIN_CERTIFICATES)
    .map(parseCertificate)
    .filter((certificate) => certificate !== undefined);
  const anchors = usable.filter(({ usage }) => usage === CertificateUsage['DANE-TA']);
  const given = manner.anchorsFromDns ? anchors : [];
  return verifyToAnchor({ leaf, sent, anchors, given, names: [baseDomain, ...referenceNames], at });
}

interface PathsToVerify {
  readonly leaf: Certificate;
  readonly sent: readonly Certificate[];
  readonly anchors: readonly TlsaRecord[];
  /** Those of `anchors` that may stand in for a certificate that was not sent. */
  readonly given: readonly TlsaRecord[];
  readonly names: readonly string[];
  readonly at: Instant;
}

/** RFC 7671 §5.2, RFC 7672 §3.1.2. */
function verifyToAnchor({ leaf, sent, anchors, given, names, at }: PathsToVerify): ChainVerdict {
  const keys = given.flatMap(bareKeyOf);
  const others = [...sent, ...given.flatMap(fullCertificateOf)];
  const matching = new Map(others.map((other) => [other, anchors.find(matcherOf(other))]));
  const paths = searchPaths({
    leaf,
    others,
    isAnchor: (certificate) => matching.get(certificate) !== undefined,
    anchorKeys: keys.map(({ key }) => key),
  });

  let judged = 0;
  let expired = false;
  for (const path of paths) {
    if (judged++ === MAX_PATHS_JUDGED) break;
    const verdict = validatePath(path, at);
    if (verdict === 'invalid') continue;
    if (verdict === 'expired') {
      expired = true;
      continue;
    }
    if (!namesOneOf(leaf, names)) {
      return { ok: false, reason: 'ta-name-mismatch', namesInstead: presentedNames(leaf) };
    }
    const record =
      path.anchorKey === null ? matching.get(path.certificates.at(-1)!)! : keys[path.anchorKey]!.record;
    return { ok: true, matched: matchOf(record, path.certificates.length - 1) };
  }
  if (expired) return { ok: false, reason: namesOneOf(leaf, names) ? 'ta-expired' : 'ta-name-mismatch' };

  const matched = sent.some(
    (certificate) => !sameCertificate(certificate, leaf) && matching.get(certificate),
  );
  return { ok: false, reason: judged > 0 || matched ? 'ta-chain-invalid' : 'tlsa-mismatch' };
}

/** 2 1 0: a key in full, whose certificate need not be sent. */
function bareKeyOf(record: TlsaRecord): readonly { record: TlsaRecord; key: KeyObject }[] {
  if (record.matchingType !== MatchingType.Full || record.selector !== Selector.SPKI) return [];
  const key = parsePublicKey(record.data);
  return key === undefined ? [] : [{ record, key }];
}

/** 2 0 0: a certificate in full, which need not be sent. */
function fullCertificateOf(record: TlsaRecord): readonly Certificate[] {
  if (record.matchingType !== MatchingType.Full || record.selector !== Selector.Cert) return [];
  const certificate = parseCertificate(record.data);
  return certificate === undefined ? [] : [certificate];
}

/** OpenSSL's order (dane_tlsa_add): where several records match, the same one is named. */
function byPreference(a: TlsaRecord, b: TlsaRecord): number {
  return b.usage - a.usage || b.selector - a.selector || b.matchingType - a.matchingType;
}

function matchOf({ usage, selector, matchingType }: TlsaRecord, depth: number): TlsaMatch {
  return { usage, selector, matchingType, depth };
}
