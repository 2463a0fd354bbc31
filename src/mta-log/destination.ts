/** The domain of a recipient as a log writes it (RFC 5321 §4.1.2, RFC 6531 §3.3). */
import { domainToASCII } from 'node:url';

/** A-labels, lower case, without the final dot; null for an address literal, a bare local part, and anything else. */
export function domainOf(mailbox: string): string | null {
  const at = mailbox.lastIndexOf('@');
  return at < 0 ? null : domainName(mailbox.slice(at + 1));
}

/** The same of a name that stands by itself. */
export function domainName(text: string): string | null {
  if (text.length > 1024) return null;
  const ascii = /^[\x21-\x7e]*$/.test(text) ? text.toLowerCase() : domainToASCII(text);
  const bare = ascii.replace(/\.$/, '');
  return bare.length <= 253 && /^[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/.test(bare) ? bare : null;
}
