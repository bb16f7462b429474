import type {
  CartFact,
  ErasureFact,
  EventFact,
  InventoryFact,
  OrderRecountFact,
  RefundedFact,
  SessionFact,
  UserRecountFact,
} from './facts.ts';
import type { Family } from './family.ts';
import type { Sums } from './sums/sums.ts';
import type { Writes } from './writes.ts';

/** How each kind of fact counts; what is left out does not count. */
export interface Counting {
  event?(fact: EventFact, writes: Writes): void;
  inventory?(fact: InventoryFact, writes: Writes): void;
  cart?(fact: CartFact, writes: Writes): void;
  erasure?(fact: ErasureFact, writes: Writes): void;
  session?(fact: SessionFact): void;
  orderRecount?(fact: OrderRecountFact): void;
  refunded?(fact: RefundedFact): void;
  userRecount?(fact: UserRecountFact): void;
}

/** What is kept, and how a fact counts there: the pure part of a question, or of what several questions read. */
export interface Definition {
  readonly families: readonly Family[];
  /** Registers what is summed up; what comes of it adds to that, fact by fact. */
  readonly count?: (sums: Sums) => Counting;
}

/** Hands a fact to every question's count. */
export class Countings implements Required<Counting> {
  private readonly events: readonly Required<Pick<Counting, 'event'>>[];
  private readonly inventories: readonly Required<Pick<Counting, 'inventory'>>[];
  private readonly carts: readonly Required<Pick<Counting, 'cart'>>[];
  private readonly erasures: readonly Required<Pick<Counting, 'erasure'>>[];
  private readonly sessions: readonly Required<Pick<Counting, 'session'>>[];
  private readonly orderRecounts: readonly Required<Pick<Counting, 'orderRecount'>>[];
  private readonly refundeds: readonly Required<Pick<Counting, 'refunded'>>[];
  private readonly userRecounts: readonly Required<Pick<Counting, 'userRecount'>>[];

  constructor(definitions: readonly Definition[], sums: Sums) {
    const all = definitions.flatMap(({ count }) => count?.(sums) ?? []);
    this.events = all.filter((one) => has(one, 'event'));
    this.inventories = all.filter((one) => has(one, 'inventory'));
    this.carts = all.filter((one) => has(one, 'cart'));
    this.erasures = all.filter((one) => has(one, 'erasure'));
    this.sessions = all.filter((one) => has(one, 'session'));
    this.orderRecounts = all.filter((one) => has(one, 'orderRecount'));
    this.refundeds = all.filter((one) => has(one, 'refunded'));
    this.userRecounts = all.filter((one) => has(one, 'userRecount'));
  }

  event(fact: EventFact, writes: Writes): void {
    for (const one of this.events) one.event(fact, writes);
  }

  inventory(fact: InventoryFact, writes: Writes): void {
    for (const one of this.inventories) one.inventory(fact, writes);
  }

  cart(fact: CartFact, writes: Writes): void {
    for (const one of this.carts) one.cart(fact, writes);
  }

  erasure(fact: ErasureFact, writes: Writes): void {
    for (const one of this.erasures) one.erasure(fact, writes);
  }

  session(fact: SessionFact): void {
    for (const one of this.sessions) one.session(fact);
  }

  orderRecount(fact: OrderRecountFact): void {
    for (const one of this.orderRecounts) one.orderRecount(fact);
  }

  refunded(fact: RefundedFact): void {
    for (const one of this.refundeds) one.refunded(fact);
  }

  userRecount(fact: UserRecountFact): void {
    for (const one of this.userRecounts) one.userRecount(fact);
  }
}

const has = <K extends keyof Counting>(one: Counting, kind: K): one is Counting & Required<Pick<Counting, K>> =>
  one[kind] !== undefined;
