/** What is asked of the signed Internet, and what each comes to: name, type, verdict. */
import { RRType } from '../../src/dns/rr-type.ts';

const { A, MX, TLSA, TXT, DS, DNSKEY, SOA } = RRType;

export const statuses = [
  ['www.good.test', A, 'secure data'],
  ['good.test', MX, 'secure data'],
  ['good.test', DS, 'secure data'],
  ['good.test', DNSKEY, 'secure data'],
  ['.', SOA, 'secure data'],
  ['.', DS, 'secure nodata'],
  ['good.test', TXT, 'secure nodata'],
  ['ent.good.test', A, 'secure nodata'],
  ['nothing.good.test', A, 'secure nxdomain'],
  ['a.b.nothing.good.test', A, 'secure nxdomain'],
  ['x.wild.good.test', TXT, 'secure data'],
  ['www.good.opt', A, 'secure data'],
  ['nothing.good.opt', A, 'secure nxdomain'],
  ['x.wild.good.opt', TXT, 'secure data'],
  ['_25._tcp.mx.good.opt', TLSA, 'secure data'],
  ['_tcp.mx.good.opt', A, 'secure nodata'],
  ['nothing.test', A, 'secure nxdomain'],
  ['nothing', A, 'secure nxdomain'],
  ['www.sub.good.test', A, 'secure data'],
  ['www.cohosted.test', A, 'secure data'],
  ['nothing.cohosted.test', A, 'secure nxdomain'],
  ['cohosted.test', DS, 'secure data'],
  ['www.deep.cohosted.test', A, 'secure data'],
  ['deep.cohosted.test', TXT, 'secure nodata'],
  ['plain.test', DS, 'secure nodata'],

  ['www.plain.test', A, 'insecure insecure-delegation data'],
  ['nothing.plain.test', A, 'insecure insecure-delegation nxdomain'],
  ['plain.test', TXT, 'insecure insecure-delegation nodata'],
  ['www.island.plain.test', A, 'insecure insecure-delegation data'],
  ['www.plain.opt', A, 'insecure insecure-opt-out data'],
  ['plain.opt', DS, 'insecure insecure-opt-out nodata'],
  ['nothing.opt', A, 'insecure insecure-opt-out nxdomain'],
  ['www.cohostedplain.test', A, 'insecure insecure-delegation data'],
  ['cohostedplain.test', TXT, 'insecure insecure-delegation nodata'],
  ['nothing.cohostedplain.test', A, 'insecure insecure-delegation nxdomain'],
  ['nothing.iterations.test', A, 'insecure nsec3-iterations-insecure nxdomain'],

  ['www.expired.test', A, 'bogus rrsig-expired'],
  ['nothing.expired.test', A, 'bogus rrsig-expired'],
  ['www.wrongds.test', A, 'bogus dnskey-no-ds-match'],
  ['www.undelegated.test', A, 'bogus rrsig-missing'],
] as const;

/** Names whose A RRset is asked for, the verdict, where the aliases lead. */
export const aliasStatuses = [
  ['alias.good.test', 'secure data', ['www.good.test']],
  ['far.good.test', 'secure data', ['www.good.opt']],
  ['toplain.good.test', 'insecure insecure-delegation data', ['www.plain.test']],
  ['tobogus.good.test', 'bogus rrsig-expired', ['www.expired.test']],
  ['tonothing.good.test', 'secure nxdomain', ['nothing.good.test']],
  ['back.plain.test', 'insecure insecure-delegation data', ['www.good.test']],
  ['tobogus.plain.test', 'bogus rrsig-expired', ['www.expired.test']],
  ['www.tree.good.test', 'secure data', ['www.good.opt']],
  ['nothing.tree.good.test', 'secure nxdomain', ['nothing.good.opt']],
  ['www.plaintree.good.test', 'insecure insecure-delegation data', ['www.plain.test']],
  ['toplain.good.test', 'insecure insecure-delegation data', ['www.plain.test']],
] as const;
