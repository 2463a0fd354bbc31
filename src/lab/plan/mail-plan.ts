/** What a mail server of the lab shows at one address: plain data; `mail/session.ts` plays it, `mail/chain.ts` makes its certificates. */

/**
 * One certificate chain. Equal plans make equal octets. The leaf's key is told by `key` alone, so that two chains can share it.
 */
export interface ChainPlan {
  readonly key: string;
  /** P-256, RSA with 2048 bits, RSA with 1024. */
  readonly keyType: 'ec' | 'rsa' | 'rsa-1024';
  /** subjectAltName dNSNames. */
  readonly names: readonly string[];
  /** `self` for self-signed; else the lab's CA whose intermediate signs. */
  readonly issuer: 'self' | 'ca-one' | 'ca-two';
  readonly validity: 'valid' | 'expired';
  /** How many certificates of leaf, intermediate, root are sent. */
  readonly sent: 1 | 2 | 3;
}

export type MailServerPlan =
  | {
      readonly kind: 'tls';
      /** One, or two with keys of different type. */
      readonly chains: readonly ChainPlan[];
      /** Shown to clients whose SNI names none of `chains`; `chains` where it is left out. */
      readonly withoutSni?: ChainPlan;
      /** TLS 1.2 and 1.3 where they are left out. */
      readonly minVersion?: 'TLSv1' | 'TLSv1.3';
      readonly maxVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2';
    }
  | { readonly kind: MailServerFailure };

/**
 * - `refused`: the address map leads to a port where nobody listens: a real refusal.
 * - `reset`: accepts, then resets before the greeting. `silent`: accepts and says nothing.
 * - `greets-421`, `greets-554`: "not now", "not you". `ehlo-refused`: 502 to EHLO, 250 to HELO.
 * - `no-starttls`: EHLO does not offer it. `starttls-454`: offers it and then has no certificate at hand.
 * - `injects`: plain text in the same segment as the 220 to STARTTLS (CVE-2011-0411).
 * - `tls-alert`: a fatal alert in answer to the ClientHello. `not-tls`: an SMTP reply in place of TLS.
 */
export type MailServerFailure =
  | 'refused'
  | 'reset'
  | 'silent'
  | 'greets-421'
  | 'greets-554'
  | 'ehlo-refused'
  | 'no-starttls'
  | 'starttls-454'
  | 'injects'
  | 'tls-alert'
  | 'not-tls';

/** A mail host: its addresses and what listens at each. */
export interface MailHostPlan {
  /** Without the final dot. */
  readonly host: string;
  readonly endpoints: readonly { readonly address: string; readonly server: MailServerPlan }[];
}
