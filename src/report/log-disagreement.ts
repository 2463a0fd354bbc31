/**
 * Where a mail log and a census disagree about a domain. Pure.
 *
 * In: the domain's verdict and one logged delivery. Out: how they disagree; null where they agree, or where one of them does
 * not know (`unknown`, not judged, a delivery whose protection the log does not tell). Either may be right: a census is of one
 * day and place, and a sender may not use DANE at all, which a log does not say.
 *
 * | verdict         | verified          | sent otherwise         | DANE failed             |
 * | --------------- | ----------------- | ---------------------- | ----------------------- |
 * | dane            |                   | not-authenticated      | fails-for-sender        |
 * | dane-degraded   |                   | not-authenticated      |                         |
 * | dane-partial    |                   |                        | fails-for-sender        |
 * | dane-failed     | works-for-sender  | delivered-all-the-same |                         |
 * | lookup-failed   | works-for-sender  | delivered-all-the-same |                         |
 * | insecure-mx     |                   |                        |                         |
 * | no-dane         | works-for-sender  |                        | fails-for-sender        |
 * | no-mail         | takes-mail        | takes-mail             | fails-for-sender        |
 *
 * Of an insecure MX RRset behind TLSA records senders may make what they like (RFC 7672 §2.2.1). A sender that demands DANE
 * where there is none (`dane-required-absent`) disagrees only with `dane`.
 */
import { never } from '../base/never.ts';
import type { Delivery } from '../mta-log/delivery.ts';
import type { DomainVerdict } from '../survey/verdicts.ts';

export const disagreements = [
  'not-authenticated',
  'fails-for-sender',
  'works-for-sender',
  'delivered-all-the-same',
  'takes-mail',
] as const;
export type Disagreement = (typeof disagreements)[number];

type Logged = 'verified' | 'sent' | 'failed' | 'required-absent';

export function disagreement(
  verdict: DomainVerdict | null,
  delivery: Pick<Delivery, 'tls' | 'status' | 'daneFault'>,
): Disagreement | null {
  const logged = loggedOf(delivery);
  if (logged === null || verdict === null) return null;
  switch (verdict) {
    case 'dane':
      if (logged === 'verified') return null;
      return logged === 'sent' ? 'not-authenticated' : 'fails-for-sender';
    case 'dane-degraded':
      return logged === 'sent' ? 'not-authenticated' : null;
    case 'dane-partial':
      return logged === 'failed' ? 'fails-for-sender' : null;
    case 'dane-failed':
    case 'lookup-failed':
      if (logged === 'verified') return 'works-for-sender';
      return logged === 'sent' ? 'delivered-all-the-same' : null;
    case 'no-dane':
      if (logged === 'verified') return 'works-for-sender';
      return logged === 'failed' ? 'fails-for-sender' : null;
    case 'no-mail':
      if (logged === 'verified' || logged === 'sent') return 'takes-mail';
      return logged === 'failed' ? 'fails-for-sender' : null;
    case 'insecure-mx':
    case 'unknown':
      return null;
    default:
      return never(verdict);
  }
}

/** A fault at one host and a delivery by another is a failure of DANE all the same. */
function loggedOf({ tls, status, daneFault }: Pick<Delivery, 'tls' | 'status' | 'daneFault'>): Logged | null {
  if (daneFault === 'dane-required-absent') return 'required-absent';
  if (daneFault !== null) return 'failed';
  if (tls === 'verified') return 'verified';
  if (status !== 'sent') return null;
  return tls === 'unknown' || tls === 'encrypted' ? null : 'sent';
}

/** A sentence without a full stop. */
export function disagreementSentence(kind: Disagreement): string {
  switch (kind) {
    case 'not-authenticated':
      return 'the census saw DANE work, the sender delivered without authentication';
    case 'fails-for-sender':
      return 'DANE failed for the sender, the census saw no such fault';
    case 'works-for-sender':
      return 'the sender authenticated by DANE, the census saw it fail or saw none';
    case 'delivered-all-the-same':
      return 'the census saw DANE fail, the sender delivered without it';
    case 'takes-mail':
      return 'the census saw that the domain takes no mail, the sender delivered';
    default:
      return never(kind);
  }
}
