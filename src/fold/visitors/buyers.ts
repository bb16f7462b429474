import type { Writes } from '../../metrics/writes.ts';
import { bucketedFamily, type Plans } from '../state/bucket-plans.ts';
import { bucketOf } from '../state/buckets.ts';
import {
  type Buyer,
  decodeBuyer,
  encodeBuyer,
  firstOrderMs,
  LONG_AGO,
  withImport,
  withOrder,
  withoutImport,
} from './buyer.ts';

const NOBODY: Buyer = { ownMs: undefined, imports: new Map() };

/** Users of a lane, by number, who have ever bought anything: as far as that is asked for. */
export class Buyers {
  private readonly known = new Map<number, Buyer>();
  private readonly changed = new Set<number>();

  hasBoughtBefore(user: number, atMs: number): boolean {
    const buyer = this.known.get(user);
    return buyer !== undefined && firstOrderMs(buyer) < atMs;
  }

  /** When the user bought first, as another partition is told: true where that is not known. */
  toldOf(user: number): number | true | undefined {
    const buyer = this.known.get(user);
    if (buyer === undefined) return undefined;
    const firstMs = firstOrderMs(buyer);
    return firstMs === LONG_AGO ? true : firstMs;
  }

  /** The store has it already; what is known is newer. */
  load(user: number, text: string): void {
    if (!this.known.has(user)) this.known.set(user, decodeBuyer(text));
  }

  /** @returns whether it is news that they had bought by then */
  add(user: number, told: number | true): boolean {
    const atMs = told === true ? LONG_AGO : told;
    const known = this.known.get(user) ?? NOBODY;
    if (known.ownMs === undefined || atMs < known.ownMs) this.put(user, withOrder(known, atMs));
    return atMs < firstOrderMs(known);
  }

  /** The import closes in which the user has bought. @param text what its lane knows of that */
  addOfImport(user: number, importId: string, text: string): void {
    this.put(user, withImport(this.known.get(user) ?? NOBODY, importId, firstOrderMs(decodeBuyer(text))));
  }

  /** The import is taken back. */
  forget(user: number, importId: string): void {
    const known = this.known.get(user);
    if (known === undefined) return;
    const left = withoutImport(known, importId);
    if (left !== undefined) this.put(user, left);
    else {
      this.known.delete(user);
      this.changed.add(user);
    }
  }

  save(writes: Writes, dimensions: string, toMs: number, plans: Plans, idOf: (user: number) => string): void {
    const { family, plan } = bucketedFamily('buyers', plans);
    const key = `${dimensions}:${bucketOf(plan, toMs)}`;
    for (const user of this.changed) {
      const buyer = this.known.get(user);
      if (buyer === undefined) writes.remove(family, key, idOf(user));
      else writes.put(family, key, idOf(user), encodeBuyer(buyer));
    }
    this.changed.clear();
  }

  private put(user: number, buyer: Buyer): void {
    this.known.set(user, buyer);
    this.changed.add(user);
  }
}
