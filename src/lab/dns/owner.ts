/** Names relative to the apex of a zone, as plans write them. */
import { type Name, name as nameOf } from '../../dns/name.ts';

/** `owner` relative to `apex`; "" is the apex. */
export function below(owner: string, apex: Name): Name {
  return owner === '' ? apex : ((nameOf(owner).slice(0, -1) + apex) as Name);
}
