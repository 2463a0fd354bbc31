/** The one catalogue of reasons: every key that a status, an outcome, a verdict or a finding can carry. */
import { daneReasons } from './dane.ts';
import { dnssecReasons } from './dnssec.ts';
import { forwarderReasons } from './forwarder.ts';
import { listReasons } from './list.ts';
import { lookupReasons } from './lookup.ts';
import { mailReasons } from './mail.ts';
import { nameServerReasons } from './name-servers.ts';
import type { Reason } from './reason.ts';
import { smtpReasons } from './smtp.ts';

export const reasons = {
  ...dnssecReasons,
  ...lookupReasons,
  ...forwarderReasons,
  ...nameServerReasons,
  ...daneReasons,
  ...smtpReasons,
  ...mailReasons,
  ...listReasons,
} as const satisfies Record<string, Reason>;

export type ReasonKey = keyof typeof reasons;

export function reasonOf(key: ReasonKey): Reason {
  return reasons[key];
}
