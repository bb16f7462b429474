import { DIMENSIONS, ofValue, type Values } from './values.ts';

/** Counts with the quarter of an hour in which they belong. Shares no code with src/. */
const QUARTER = 900_000;

export class Ledger {
  private readonly sums = new Map<string, Map<number, number>>();
  private readonly members = new Map<string, Map<number, Set<string>>>();
  private readonly lists = new Map<string, { at: number; value: number }[]>();

  add(what: string, at: number, by = 1): void {
    const slot = Math.floor(at / QUARTER);
    const of = this.sums.get(what) ?? new Map<number, number>();
    this.sums.set(what, of.set(slot, (of.get(slot) ?? 0) + by));
  }

  /** Over all, and for each value. */
  addBoth(what: string, values: Values, at: number, by = 1): void {
    this.add(what, at, by);
    this.addFor(what, values, at, by);
  }

  addFor(what: string, values: Values, at: number, by = 1): void {
    for (const dimension of DIMENSIONS) this.add(ofValue(what, dimension, values[dimension]), at, by);
  }

  sum(what: string, from: number, to: number): number {
    let sum = 0;
    for (const [slot, n] of this.sums.get(what) ?? []) if (slot * QUARTER >= from && slot * QUARTER < to) sum += n;
    return sum;
  }

  /** What stands behind a prefix, with its sum where that is not 0. */
  under(prefix: string, from: number, to: number): Map<string, number> {
    const found = new Map<string, number>();
    for (const what of this.sums.keys()) {
      const n = what.startsWith(prefix) ? this.sum(what, from, to) : 0;
      if (n !== 0) found.set(what.slice(prefix.length), n);
    }
    return found;
  }

  join(what: string, at: number, member: string): void {
    const slot = Math.floor(at / QUARTER);
    const of = this.members.get(what) ?? new Map<number, Set<string>>();
    this.members.set(what, of.set(slot, (of.get(slot) ?? new Set()).add(member)));
  }

  /** What stands behind a prefix and was joined by anybody. */
  joined(prefix: string): string[] {
    return [...this.members.keys()].flatMap((what) => (what.startsWith(prefix) ? [what.slice(prefix.length)] : []));
  }

  distinct(what: string, from: number, to: number): number {
    const all = new Set<string>();
    for (const [slot, set] of this.members.get(what) ?? [])
      if (slot * QUARTER >= from && slot * QUARTER < to) for (const member of set) all.add(member);
    return all.size;
  }

  note(what: string, at: number, value: number): void {
    const list = this.lists.get(what) ?? [];
    list.push({ at, value });
    this.lists.set(what, list);
  }

  /** The least value that a share of those noted does not exceed. */
  quantile(what: string, share: number, from: number, to: number): number | null {
    const values = (this.lists.get(what) ?? []).filter(({ at }) => at >= from && at < to).map(({ value }) => value);
    values.sort((a, b) => a - b);
    return values[Math.max(1, Math.ceil(values.length * share)) - 1] ?? null;
  }
}
