import kafkajs from 'kafkajs';
import { type Cart, CartBook, type Said } from './cart-book.ts';
import { HOUR, type OracleEvent } from './events.ts';
import { Lane } from './lane.ts';
import { Ledger } from './ledger.ts';

/** A value of which the newest stays; of one millisecond that of the last partition, and in it the last of the log. */
class LatestValue<T> {
  readonly values = new Map<string, { at: number; partition: number; value: T }>();

  offer(key: string, at: number, partition: number, value: T): void {
    const known = this.values.get(key);
    const isOlder = known !== undefined && (at === known.at ? partition < known.partition : at < known.at);
    if (!isOlder) this.values.set(key, { at, partition, value });
  }

  get(key: string): T | null {
    return this.values.get(key)?.value ?? null;
  }
}

/**
 * A plain count of a log, written from the rules alone: maps and loops, no buckets, no Redis.
 * Shares no code with src/.
 */
export class Oracle {
  readonly ledger = new Ledger();
  readonly names = new LatestValue<string>();
  /** Levels of categories. */
  readonly categories = new LatestValue<readonly (string | null)[]>();
  readonly brands = new LatestValue<string>();
  readonly variants = new LatestValue<string>();
  readonly stock = new LatestValue<number>();
  readonly prices = new LatestValue<number>();
  /** Changes of an item's stock, or of its price by currency, as they came. */
  readonly changes = new Map<string, { at: number; value: number }[]>();
  /** Counts by name in windows of five seconds, of what arrived within an hour. */
  readonly actions = new Map<number, Map<string, number>>();
  readonly everyCart: Cart[] = [];
  /** With what each cart opened: `live`, or an import. */
  readonly sources = new Map<Cart, string>();
  /** Messages of the topics of carts, in the order in which they are due in each partition. */
  readonly said: Said[] = [];
  /** How often each special case occurred, so that a test can assert that it was covered. */
  readonly occurred = new Map<string, number>();
  private readonly partitioner = kafkajs.Partitioners.DefaultPartitioner();
  private readonly live: Lane[];
  private readonly inventory: Lane[];
  private readonly imports = new Map<string, Lane[]>();

  constructor(partitions: number) {
    const lanes = (): Lane[] => Array.from({ length: partitions }, (_, partition) => new Lane(this, partition));
    this.live = lanes();
    this.inventory = lanes();
  }

  happened(what: string): void {
    this.occurred.set(what, (this.occurred.get(what) ?? 0) + 1);
  }

  partitionOf(key: string): number {
    const metadata = this.live.map((_, partitionId) => ({
      partitionId,
      partitionErrorCode: 0,
      leader: 1,
      replicas: [],
      isr: [],
    }));
    return this.partitioner({ topic: 't', partitionMetadata: metadata, message: { key, value: null } });
  }

  /** Events in the order in which the log holds them. */
  feed(events: Iterable<OracleEvent>): void {
    for (const event of events) this.one(event);
  }

  /** One event, of an import where one is named; `arrived` decides whether it is news. */
  one(event: OracleEvent, arrived = Number.POSITIVE_INFINITY, importId?: string): void {
    if (event.name === 'stock_update' || event.name === 'price_change') this.change(event, arrived);
    else {
      const lanes = importId === undefined ? this.live : this.importLanes(importId);
      const counted = lanes[this.partitionOf(event.user_id ?? '')]?.feed(event) ?? false;
      if (counted) this.act(event, arrived);
    }
  }

  close(importId: string, partition: number, arrived: number): void {
    const live = this.live[partition];
    if (live) this.importLanes(importId)[partition]?.moveInto(live, arrived);
  }

  /** Lane time went on to this moment, in one partition or in every one. */
  tick(at: number, partition?: number): void {
    for (const [index, lane] of this.live.entries()) if (index === (partition ?? index)) lane.advance(at);
  }

  /** Carts that are open in the live lanes, with what lies in them in a currency. */
  openCarts(currency: string): { count: number; value: number } {
    const open = this.live.flatMap(({ book }) => [...book.carts.values()].filter((cart) => !cart.idle));
    const worths = open.filter((cart) => cart.currency === currency).map((cart) => CartBook.worth(cart));
    return { count: open.length, value: worths.reduce((sum, worth) => sum + worth, 0) };
  }

  private importLanes(importId: string): Lane[] {
    const known = this.imports.get(importId) ?? this.live.map((_, index) => new Lane(this, index, importId));
    this.imports.set(importId, known);
    return known;
  }

  private change(event: OracleEvent, arrived: number): void {
    const item = event.item_id ?? '';
    const partition = this.partitionOf(item);
    const lane = this.inventory[partition];
    if (lane === undefined) return;
    lane.advance(event.timestamp);
    if (lane.repeated(item, event.event_id)) {
      this.happened('duplicate inventory event');
      return;
    }
    this.ledger.add(`name:${event.name}`, event.timestamp);
    this.act(event, arrived);
    const isStock = event.name === 'stock_update';
    const key = isStock ? `stock|${item}` : `price:${event.currency ?? 'USD'}|${item}`;
    const value = (isStock ? event.stock_level : event.price) ?? 0;
    const field = key.slice(key.indexOf(isStock ? '|' : ':') + 1);
    (isStock ? this.stock : this.prices).offer(field, event.timestamp, partition, value);
    this.changes.set(key, [...(this.changes.get(key) ?? []), { at: event.timestamp, value }]);
  }

  private act(event: OracleEvent, arrived: number): void {
    if (arrived - event.timestamp > HOUR) return;
    const window = Math.floor(event.timestamp / 5_000) * 5_000;
    const counts = this.actions.get(window) ?? new Map<string, number>();
    this.actions.set(window, counts.set(event.name, (counts.get(event.name) ?? 0) + 1));
  }
}
