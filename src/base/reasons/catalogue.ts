/** The one catalogue of reasons: every key that a status, an outcome, a verdict, a finding or an advice can carry. */
import { adviceReasons } from './advice.ts';
import { daneReasons } from './dane.ts';
import { dnssecReasons } from './dnssec.ts';
import { forwarderReasons } from './forwarder.ts';
import { listReasons } from './list.ts';
import { lookupReasons } from './lookup.ts';
import { mailReasons } from './mail.ts';
import { mtaLogReasons } from './mta-log.ts';
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
  ...adviceReasons,
  ...mtaLogReasons,
} as const satisfies Record<string, Reason>;

export type ReasonKey = keyof typeof reasons;

export function reasonOf(key: ReasonKey): Reason {
  return reasons[key];
}
