/**
 * Logs of a real Postfix (smtp_tls_security_level = dane) and a real Exim (hosts_try_dane = *) that sent one message to many
 * domains in a network namespace, each named by what is right or wrong with it. The outcomes were held against those names by
 * eye: `domain tls status fault`, sorted; `host …` where the log tells no domain.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Delivery } from '../../src/mta-log/delivery.ts';
import { MtaLog } from '../../src/mta-log/mta-log.ts';

const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');

function outcome({ domain, host, tls, status, daneFault }: Delivery): string {
  return `${domain ?? `host ${host}`} ${tls} ${status} ${daneFault}`;
}

test.each([
  ['postfix-3.7.11-dane', 'postfix'],
  ['exim-4.96-try-dane', 'exim'],
])('%s', (name, mta) => {
  const log = new MtaLog();
  const deliveries = [
    ...fixture(`${name}.lines`)
      .split('\n')
      .flatMap((line) => log.read(line)),
    ...log.end(),
  ];
  expect(deliveries.map(outcome).sort()).toEqual(fixture(`${name}.outcomes`).trimEnd().split('\n'));
  expect(new Set(deliveries.map((one) => one.mta))).toEqual(new Set([mta]));
});
