import { Interner } from './interner.ts';

/** No dimension value: what is added for it counts in the sum over all alone. */
export const NO_VALUE = 0;

/** So many texts of a kind are known at the most; then all is forgotten that refers to their numbers. */
export const MOST_TEXTS = 100_000;

export interface DictionaryLimits {
  /** So that nobody can send texts that all hash alike; one that nobody outside knows. */
  readonly hashSeed?: number;
  /** Tests have fewer. */
  readonly mostTexts?: number;
}

/** What sums are kept by. */
export type Over = 'values' | 'items' | 'terms' | 'names';

/** What events of a partition name again and again, as numbers; a number means the same as long as its dictionary lives. */
export class Dictionaries {
  readonly seed: number;
  private readonly mostTexts: number;
  /** Dimension values: cities. The first is NO_VALUE. */
  readonly values: Interner;
  readonly names: Interner;
  readonly users: Interner;
  readonly sessions: Interner;
  readonly items: Interner;
  readonly titles: Interner;
  readonly terms: Interner;
  readonly currencies: Interner;
  readonly payments: Interner;

  constructor({ hashSeed: seed = 0, mostTexts = MOST_TEXTS }: DictionaryLimits = {}) {
    this.seed = seed;
    this.mostTexts = mostTexts;
    this.values = new Interner(seed);
    this.names = new Interner(seed);
    this.users = new Interner(seed);
    this.sessions = new Interner(seed);
    this.items = new Interner(seed);
    this.titles = new Interner(seed);
    this.terms = new Interner(seed);
    this.currencies = new Interner(seed);
    this.payments = new Interner(seed);
    this.values.ofText('');
  }

  get isFull(): boolean {
    const { values, names, users, sessions, items, titles, terms, currencies, payments } = this;
    const all = [values, names, users, sessions, items, titles, terms, currencies, payments];
    return all.some(({ size }) => size > this.mostTexts);
  }
}
