/**
 * Who may be dialled: a dialer for DNS and one for SMTP. Addresses that the user named himself are dialled, whatever they are; but
 * a name server's is no mail server's, and what is allowed for the one is not for the other. Where forwarders are asked, nobody
 * else is.
 */
import { UsageError } from '../base/usage-error.ts';
import { parseAddressAndPort } from '../net/address-and-port.ts';
import { parseAddressMap } from '../net/address-map.ts';
import { createDialer, type Dial } from '../net/dial.ts';
import type { SurveyConfig } from './stack.ts';

/** `hinted` are the root servers' addresses, where the user named them. Throws `UsageError` for a map or forwarder that cannot be read. */
export function dialersOf(
  config: Pick<SurveyConfig, 'addressMap' | 'allowPrivate' | 'forwarders'>,
  hinted: readonly string[],
): { readonly dns: Dial; readonly smtp: Dial } {
  const { allowPrivate, forwarders } = config;
  const addressMap = config.addressMap === null ? undefined : parseAddressMap(config.addressMap);
  const alwaysAllowed = forwarders.length > 0 ? forwarders.map(addressOf) : hinted;
  return {
    dns: createDialer({ addressMap, allowPrivate, alwaysAllowed }),
    smtp: createDialer({ addressMap, allowPrivate }),
  };
}

function addressOf(forwarder: string): string {
  const parsed = parseAddressAndPort(forwarder);
  if (parsed === undefined) throw new UsageError('forwarder', forwarder, 'ADDRESS or ADDRESS:PORT');
  return parsed.address;
}
