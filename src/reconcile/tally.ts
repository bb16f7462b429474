import { fromMinorUnits } from '../events/money.ts';
import type { Kind, Told } from './reconciliation.ts';

/** An amount in minor units. */
export interface Minor {
  readonly amount: number;
  readonly currency: string;
}

/** What is compared of one order: its sides, and what is wrong with it. */
export interface Judged {
  readonly kind: Kind | 'same';
  readonly ledger: Minor | undefined;
  readonly counted: Minor | undefined;
}

/** Adds up judged orders. */
export class Tally {
  private readonly numbers = { orders: 0, counted: 0, same: 0, missing: 0, too_many: 0, other_amount: 0 };
  private readonly money = new Map<string, { ledger: number; counted: number }>();

  add({ kind, ledger, counted }: Judged): void {
    const { numbers } = this;
    numbers[kind] += 1;
    if (ledger !== undefined) {
      numbers.orders += 1;
      this.moneyOf(ledger.currency).ledger += ledger.amount;
    }
    if (counted !== undefined) {
      numbers.counted += 1;
      this.moneyOf(counted.currency).counted += counted.amount;
    }
  }

  told(): Told {
    const revenue = [...this.money]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([currency, { ledger, counted }]) => ({
        currency,
        ledger: fromMinorUnits(ledger, currency),
        counted: fromMinorUnits(counted, currency),
      }));
    return { ...this.numbers, revenue };
  }

  private moneyOf(currency: string) {
    const known = this.money.get(currency) ?? { ledger: 0, counted: 0 };
    this.money.set(currency, known);
    return known;
  }
}

/** Tallies by a value. */
export class Tallies<K extends string | null> {
  private readonly byValue = new Map<K, Tally>();

  add(value: K, judged: Judged): void {
    const tally = this.byValue.get(value) ?? new Tally();
    this.byValue.set(value, tally);
    tally.add(judged);
  }

  /** In the order of the values, what has none last. */
  told(): (readonly [K, Told])[] {
    return [...this.byValue]
      .map(([value, tally]) => [value, tally.told()] as const)
      .sort(([a], [b]) => (a === null ? 1 : b === null ? -1 : a < b ? -1 : 1));
  }
}
