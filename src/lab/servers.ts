/** The lab's servers in one thread: everything that is made at first use hangs here. Started by `workers/lab.ts`. */

import { toHex } from '../base/bytes.ts';
import type { Instant } from '../base/instant.ts';
import { DigestType } from '../dns/dnssec-algorithm.ts';
import { root } from '../dns/name.ts';
import { startNameServer } from './dns/name-server.ts';
import { replyTo } from './dns/reply.ts';
import { buildZone, type Zone, type ZoneSource } from './dns/zone.ts';
import { createKeyRing } from './dns/zone-key-ring.ts';
import { createChainMaker } from './mail/chain.ts';
import { startMailServer } from './mail/mail-server.ts';
import { createContexts } from './mail/tls-contexts.ts';
import { planWorld, type WorldSize } from './plan/world.ts';
import { dsOf } from './signing/sign-rrset.ts';

/** What `lab.ts` needs to know of servers that run in another thread. */
export interface RunningServers {
  readonly dnsPort: number;
  readonly smtpPort: number;
  /** The root's DS record as a zone file. */
  readonly trustAnchors: string;
  close(): Promise<void>;
}

/** Zones of the population in memory; a zone goes when it is the oldest. */
const ZONES_KEPT = 5_000;

export async function startServers(size: WorldSize, now: Instant): Promise<RunningServers> {
  const world = planWorld(size);
  const chains = createChainMaker(size.seed, now);
  const keyRing = createKeyRing(size.seed);
  const source: ZoneSource = {
    now,
    zone: world.zone,
    children: world.children,
    keys: keyRing.keys,
    tlsaRdata: chains.tlsaRdata,
  };
  const zoneAt = createZones(source);
  chains.warmUp();
  keyRing.warmUp();
  for (const top of ['.', 'xa', 'xb']) {
    const zone = zoneAt(top)!;
    zone.nsec();
    zone.nsec3();
  }
  const dns = await startNameServer((query) => replyTo(query, zoneAt));
  const mail = await startMailServer(world.mailServer, createContexts(chains));

  const anchor = dsOf(source.keys(world.zone('.')!).ksk, root, DigestType['SHA-256'], 86_400);
  const [high = 0, low = 0, algorithm, digestType, ...digest] = anchor.rdata;
  return {
    dnsPort: dns.port,
    smtpPort: mail.port,
    trustAnchors: `. IN DS ${high * 256 + low} ${algorithm} ${digestType} ${toHex(Buffer.from(digest))}\n`,
    async close() {
      await Promise.all([dns.close(), mail.close()]);
    },
  };
}

/** Built zones: the top ones for good, the others while they are asked for. */
export function createZones(source: ZoneSource): (apex: string) => Zone | undefined {
  const kept = new Map<string, Zone>();
  const top = new Map<string, Zone>();
  return (apex) => {
    const known = top.get(apex) ?? kept.get(apex);
    if (known !== undefined) return known;
    const plan = source.zone(apex);
    if (plan === undefined) return undefined;
    const zone = buildZone(plan, source);
    const isTop = apex === '.' || !apex.includes('.');
    (isTop ? top : kept).set(apex, zone);
    if (kept.size > ZONES_KEPT) kept.delete(kept.keys().next().value!);
    return zone;
  };
}
