import { FunnelSteps, type NameSteps } from '../../analytics/funnel/progress.ts';
import { IdHash } from '../../events/id-hash.ts';
import { Countings, type Definition } from '../../metrics/definition.ts';
import { Dictionaries, type DictionaryLimits } from '../../metrics/sums/dictionaries.ts';
import { Sums } from '../../metrics/sums/sums.ts';
import { Columns } from '../columns/columns.ts';
import { EventStep } from '../event-step.ts';
import type { OrderState } from '../order-record.ts';
import type { FoldSettings } from '../settings.ts';
import { plansOf } from './bucket-plans.ts';
import type { Entry } from './bucketed-state.ts';
import { LruCache } from './lru-cache.ts';
import type { SessionState } from './records.ts';
import { SeenIds } from './seen-ids.ts';
import { type Visitor, Visitors } from './visitors.ts';

/** Orders and earlier sessions of each lane that are kept at least; others are read from the store again. */
const MIN_ENTRIES = 1_000;

/** A lane's carts are dropped from memory when they take more than this. */
const MOST_CART_BYTES = 16 * 1_048_576;

/** What an owner keeps in memory of a lane's state, so that visitors who come again are not read again. */
export class LaneMemory {
  readonly visitors: Visitors;
  /** Sessions that are not their user's newest. */
  readonly sessions = new LruCache<Entry<SessionState>>(MIN_ENTRIES);
  readonly orders = new LruCache<Entry<OrderState>>(MIN_ENTRIES);
  readonly seen: SeenIds;
  private cartBytes = 0;

  constructor(visitors: Visitors, seen: SeenIds) {
    this.visitors = visitors;
    this.seen = seen;
  }

  /** A unit may change every cart that is held here, so they are what its commit has to carry at the most. */
  get isFull(): boolean {
    return this.cartBytes > MOST_CART_BYTES;
  }

  holdCart(visitor: Visitor, bytes: number): void {
    this.cartBytes += bytes - visitor.cartBytes;
    visitor.cartBytes = bytes;
  }
}

/**
 * All that an owner keeps in memory of its partition. Nobody else writes there, so it equals what the store holds; an owner that
 * cannot be sure of that any more has to drop it, and makes another.
 */
export class Memory {
  readonly sums: Sums;
  readonly countings: Countings;
  /** Of the unit under way. */
  readonly columns: Columns;
  readonly step: EventStep;
  readonly funnels: FunnelSteps;
  /** Of the event under way. */
  readonly id = new IdHash();
  /** By user, the partition that the user's events belong to. */
  readonly partitionOfUser: number[] = [];
  private readonly dictionaries: Dictionaries;
  private readonly settings: FoldSettings;
  private readonly lanes = new Map<string, LaneMemory>();
  private readonly steps: (NameSteps | undefined)[] = [];

  constructor(settings: FoldSettings, definitions: readonly Definition[], limits: DictionaryLimits = {}) {
    this.settings = settings;
    this.dictionaries = new Dictionaries(limits);
    this.sums = new Sums(this.dictionaries);
    this.countings = new Countings(definitions, this.sums);
    this.columns = new Columns(this.dictionaries);
    this.step = new EventStep(this.columns);
    this.funnels = new FunnelSteps(settings.funnels);
  }

  /** It is not to be used for another unit: a sender may have filled it with what never comes again. */
  get isFull(): boolean {
    return this.sums.isFull || [...this.lanes.values()].some(({ isFull }) => isFull);
  }

  lane(name: string): LaneMemory {
    const known = this.lanes.get(name);
    if (known !== undefined) return known;
    const plans = plansOf(this.settings);
    const visitors = new Visitors(this.dictionaries, plans);
    const made = new LaneMemory(visitors, new SeenIds(plans.seen, this.dictionaries.seed));
    this.lanes.set(name, made);
    return made;
  }

  /** What an event of this name does in the funnels. */
  stepsOf(nameId: number, name: string): NameSteps {
    const known = this.steps[nameId];
    if (known !== undefined) return known;
    const made = this.funnels.of(name);
    this.steps[nameId] = made;
    return made;
  }
}
