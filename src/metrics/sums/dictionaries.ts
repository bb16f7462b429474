import { OTHER } from '../dimension.ts';
import type { MemberCaps, MemberKind } from '../members.ts';
import { DimensionValues } from './dimension-values.ts';
import { Interner } from './interner.ts';
import { SearchKeys } from './search-keys.ts';

/** So many texts of a kind are known at the most; then all is forgotten that refers to their numbers. */
export const MOST_TEXTS = 100_000;

export interface DictionarySettings {
  /** So that nobody can send texts that all hash alike; one that nobody outside knows. */
  readonly hashSeed?: number;
  /** Tests have fewer. */
  readonly mostTexts?: number;
  /** So many members of a day are told apart; tests have fewer. */
  readonly memberCaps?: MemberCaps;
  /** By which there are answers. */
  readonly dimensions?: readonly string[];
}

/** What sums are kept by; `values` are those of every dimension. */
export type Over = 'values' | 'items' | 'terms' | 'names' | 'coupons' | 'searches';

/** What events of a partition name again and again, as numbers; a number means the same as long as its dictionary lives. */
export class Dictionaries {
  readonly seed: number;
  private readonly mostTexts: number;
  readonly values: DimensionValues;
  readonly names: Interner;
  readonly users: Interner;
  readonly sessions: Interner;
  readonly items: Interner;
  readonly titles: Interner;
  readonly terms: Interner;
  readonly currencies: Interner;
  readonly payments: Interner;
  readonly coupons: Interner;
  readonly searches = new SearchKeys();

  constructor({ hashSeed: seed = 0, mostTexts = MOST_TEXTS, dimensions = [] }: DictionarySettings = {}) {
    this.seed = seed;
    this.mostTexts = mostTexts;
    this.values = new DimensionValues(dimensions, seed);
    this.names = new Interner(seed);
    this.users = new Interner(seed);
    this.sessions = new Interner(seed);
    this.items = new Interner(seed);
    this.titles = new Interner(seed);
    this.terms = new Interner(seed);
    this.currencies = new Interner(seed);
    this.payments = new Interner(seed);
    this.coupons = new Interner(seed);
  }

  /** What a member is told by. */
  memberText(kind: MemberKind, number: number): string {
    if (kind !== 'searches') return this[kind].text(number);
    const { values, searches, terms } = this;
    const dimension = searches.dimension(number);
    const value = values.texts[dimension]?.text(searches.value(number)) ?? '';
    return `${values.names[dimension]}|${value.length}|${value}|${terms.text(searches.term(number))}`;
  }

  /** The number of all members beyond the cap. */
  otherOf(kind: Exclude<MemberKind, 'searches'>): number {
    return this[kind].ofText(OTHER);
  }

  get isFull(): boolean {
    const { values, names, users, sessions, items, titles, terms, currencies, payments, coupons, searches } = this;
    const all = [values, names, users, sessions, items, titles, terms, currencies, payments, coupons, searches];
    return all.some(({ size }) => size > this.mostTexts);
  }
}
