/**
 * Where names stand in the RDATA of the types that RFC 4034 §6.2 lists (as RFC 6840 §5.1 corrects it: NSEC's next name keeps
 * its case), and which RFC 3597 §4 lets be compressed. A number is that many fixed octets, `string` a character string,
 * `rest` whatever follows. Types that are not here are opaque octets.
 */
import { RRType } from './rr-type.ts';

export type RdataField = number | 'name' | 'string' | 'rest';

const oneName: readonly RdataField[] = ['name'];
const twoNames: readonly RdataField[] = ['name', 'name'];
const preferenceAndName: readonly RdataField[] = [2, 'name'];

const layouts = new Map<number, readonly RdataField[]>([
  [RRType.NS, oneName],
  [3, oneName], // MD
  [4, oneName], // MF
  [RRType.CNAME, oneName],
  [RRType.SOA, ['name', 'name', 20]],
  [7, oneName], // MB
  [8, oneName], // MG
  [9, oneName], // MR
  [RRType.PTR, oneName],
  [14, twoNames], // MINFO
  [RRType.MX, preferenceAndName],
  [RRType.RP, twoNames],
  [RRType.AFSDB, preferenceAndName],
  [21, preferenceAndName], // RT
  [RRType.SIG, [18, 'name', 'rest']],
  [26, [2, 'name', 'name']], // PX
  [30, ['name', 'rest']], // NXT
  [RRType.SRV, [6, 'name']],
  [RRType.NAPTR, [4, 'string', 'string', 'string', 'name']],
  [RRType.KX, preferenceAndName],
  [RRType.DNAME, oneName],
  [RRType.RRSIG, [18, 'name', 'rest']],
]);

export function rdataLayout(type: number): readonly RdataField[] | undefined {
  return layouts.get(type);
}
