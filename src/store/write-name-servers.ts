/** What was seen of name servers, of hosts and of domains, becomes rows. */
import { registrableDomain } from '../dns/registrable-domain.ts';
import type { HostFacts } from '../survey/facts.ts';
import type { ServerAnswerFact } from '../survey/name-server-facts.ts';
import { columns } from './bulk.ts';
import type { Session } from './db.ts';

export const serverAnswerColumns = columns(
  `census_id int, subject text, name text, number smallint, asked text, server text, address text, rcode text,
   answer text, status text, reason text, serial bigint, faults text[], operator_domain text`,
);
const ancestorColumns = columns(
  'census_id int, host text, number smallint, name text, rcode text, proof text, reason text',
);
const ancestorServerColumns = columns(
  `census_id int, host text, number smallint, name text, server text, address text, rcode text, proof text,
   reason text, operator_domain text`,
);
const zoneColumns = columns(
  `census_id int, host text, apex text, soa_rname text, soa_serial bigint, soa_refresh bigint, soa_retry bigint,
   soa_expire bigint, soa_minimum bigint`,
);
const behaviourColumns = columns(
  'census_id int, host text, number smallint, behaviour text, fates text[], fates_after_ancestor text[]',
);

/** Octets of replies are no rows: they belong to the evidence. */
export function serverAnswerRows(
  census: number,
  subject: 'domain' | 'host',
  name: string,
  answers: readonly ServerAnswerFact[],
): readonly (readonly unknown[])[] {
  return answers.map((fact, number) => {
    const { server, address, rcode, answer, status, reason, serial, faults } = fact;
    const place = [census, subject, name, number, fact.name, server, address];
    return [...place, rcode, answer, status, reason, serial, faults, registrableDomain(server)];
  });
}

/** Of hosts: each server's answer, the zone, the ancestors, and what follows from them. */
export async function writeNameServers(
  session: Session,
  census: number,
  hosts: readonly HostFacts[],
): Promise<void> {
  const of = (rows: (facts: HostFacts) => readonly (readonly unknown[])[]) =>
    hosts.flatMap((facts) => rows(facts).map((row, number) => [census, facts.host, number, ...row]));
  await session.bulk(
    'dane.server_answer',
    serverAnswerColumns,
    hosts.flatMap(({ host, serverAnswers }) => serverAnswerRows(census, 'host', host, serverAnswers)),
  );
  await session.bulk(
    'dane.tlsa_zone',
    zoneColumns,
    hosts.flatMap(({ host, tlsaZone }) => {
      if (tlsaZone === null) return [];
      const { rname, serial, refresh, retry, expire, minimum } = tlsaZone.soa;
      return [[census, host, tlsaZone.apex, rname, serial, refresh, retry, expire, minimum]];
    }),
  );
  await session.bulk(
    'dane.tlsa_ancestor',
    ancestorColumns,
    of(({ ancestors }) => ancestors.map(({ name, rcode, proof, reason }) => [name, rcode, proof, reason])),
  );
  await session.bulk(
    'dane.ancestor_server',
    ancestorServerColumns,
    of(({ ancestors }) =>
      ancestors.flatMap(({ name, servers }) =>
        servers.map(({ server, address, rcode, proof, reason }) => {
          return [name, server, address, rcode, proof, reason, registrableDomain(server)];
        }),
      ),
    ),
  );
  await session.bulk(
    'dane.ancestor_behaviour',
    behaviourColumns,
    of(({ behaviours }) =>
      behaviours.map(({ behaviour, fates, fatesAfterAncestor }) => [behaviour, fates, fatesAfterAncestor]),
    ),
  );
}
