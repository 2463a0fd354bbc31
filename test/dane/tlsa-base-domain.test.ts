import { expect, test } from 'vitest';
import { tlsaBaseDomains } from '../../src/dane/tlsa-base-domain.ts';

const host = 'mx.example.test';
const canonicalName = 'mx.provider.test';

test.each([
  ['RFC 7672 §2.2.2: no alias, secure', null, true, false, [host]],
  ['RFC 7672 §2.2.2: no alias, insecure', null, false, false, []],
  ['RFC 7671 §7: alias, all of it secure', canonicalName, true, true, [canonicalName, host]],
  ['RFC 7672 §2.2.2: secure alias into an insecure zone', canonicalName, false, true, [host]],
  ['RFC 7672 §2.2.2: insecure alias', canonicalName, false, false, []],
])('%s', (_, canonical, answerSecure, firstAliasSecure, expected) => {
  expect(tlsaBaseDomains({ host, canonicalName: canonical, answerSecure, firstAliasSecure })).toEqual(
    expected,
  );
});
