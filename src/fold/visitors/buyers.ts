import type { Writes } from '../../metrics/writes.ts';
import { FlagColumn } from '../columns/column.ts';
import { bucketedFamily, type Plans } from '../state/bucket-plans.ts';
import { bucketOf } from '../state/buckets.ts';

const BUYER = 1;

/** Users of a lane, by number, who have ever bought anything: as far as that is asked for. */
export class Buyers {
  private readonly flags = new FlagColumn();
  private readonly added: number[] = [];

  has(user: number): boolean {
    return this.flags.has(user, BUYER);
  }

  /** The store has it already. */
  load(user: number): void {
    this.flags.add(user, BUYER);
  }

  add(user: number): void {
    if (this.has(user)) return;
    this.flags.add(user, BUYER);
    this.added.push(user);
  }

  save(writes: Writes, dimensions: string, toMs: number, plans: Plans, idOf: (user: number) => string): void {
    const { family, plan } = bucketedFamily('buyers', plans);
    for (const user of this.added) writes.put(family, `${dimensions}:${bucketOf(plan, toMs)}`, idOf(user), '');
    this.added.length = 0;
  }
}
