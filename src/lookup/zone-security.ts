/** The security of a zone: what a chain of trust from an anchor down comes to (RFC 4033 §5, RFC 4035 §5). */
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import type { Ds } from '../dns/rdata-dnssec.ts';
import type { ZoneKeys } from '../dnssec/zone-keys.ts';

export type ZoneSecurity =
  | { readonly status: 'secure'; readonly keys: ZoneKeys; readonly ds: readonly Ds[] }
  | {
      readonly status: 'insecure' | 'bogus' | 'indeterminate';
      readonly because: ReasonKey;
      /** Presentation form of the apex where security ended. */
      readonly at: string;
      readonly ds: readonly Ds[];
      /** The parent proves that there is no zone cut here: whoever named this zone made it up. */
      readonly isNoCut?: boolean;
    };
