import { FunnelSteps, type NameSteps } from '../../analytics/funnel/progress.ts';
import { IdHash } from '../../events/ids/id-hash.ts';
import { Countings, type Definition } from '../../metrics/definition.ts';
import { ByteText } from '../../metrics/sums/byte-text.ts';
import { Dictionaries, type DictionarySettings } from '../../metrics/sums/dictionaries.ts';
import { Sums } from '../../metrics/sums/sums.ts';
import { AdmittedMembers } from '../admitted/admitted-members.ts';
import { AdmittedValues } from '../admitted/admitted-values.ts';
import { Columns } from '../columns/columns.ts';
import { EventStep } from '../event-step.ts';
import { HeldEvents } from '../links/held-events.ts';
import { Binding } from '../sessions/binding.ts';
import type { FoldSettings } from '../settings.ts';
import { Visitors } from '../visitors/visitors.ts';
import { plansOf } from './bucket-plans.ts';
import { SeenIds } from './seen-ids.ts';

/** Where users are counted takes some fifty bytes each. */
const MOST_MARKS = 2_000_000;
/** A lane's carts are dropped from memory when they take more than this. */
const MOST_CART_BYTES = 16 * 1_048_576;

/** What an owner keeps in memory of a lane's state, so that visitors who come again are not read again. */
export class LaneMemory {
  readonly visitors: Visitors;
  readonly seen: SeenIds;
  readonly held: HeldEvents;

  constructor(visitors: Visitors, seen: SeenIds, held: HeldEvents) {
    this.visitors = visitors;
    this.seen = seen;
    this.held = held;
  }

  /** A unit may change every cart that is held here, so they are what its commit has to carry at the most. */
  get isFull(): boolean {
    return this.visitors.cartBytes > MOST_CART_BYTES || this.visitors.marks.size > MOST_MARKS;
  }
}

/**
 * All that an owner keeps in memory of its partition. Nobody else writes there, so it equals what the store holds; an owner that
 * cannot be sure of that any more has to drop it, and makes another.
 */
export class Memory {
  readonly sums: Sums;
  readonly countings: Countings;
  /** Of the unit under way, as are the texts of what it changes. */
  readonly columns: Columns;
  readonly texts = new ByteText();
  readonly step: EventStep;
  readonly funnels: FunnelSteps;
  readonly binding: Binding;
  readonly admitted: AdmittedValues;
  readonly members: AdmittedMembers;
  /** Of the event under way. */
  readonly id = new IdHash();
  /** By user, the partition that the user's events belong to. */
  readonly partitionOfUser: number[] = [];
  private readonly dictionaries: Dictionaries;
  private readonly settings: FoldSettings;
  private readonly lanes = new Map<string, LaneMemory>();
  private readonly steps: (NameSteps | undefined)[] = [];

  constructor(settings: FoldSettings, definitions: readonly Definition[], limits: DictionarySettings = {}) {
    this.settings = settings;
    this.dictionaries = new Dictionaries({ ...limits, dimensions: settings.dimensions.map(({ name }) => name) });
    this.sums = new Sums(this.dictionaries);
    this.countings = new Countings(definitions, this.sums);
    this.columns = new Columns(this.dictionaries);
    this.step = new EventStep(this.columns);
    this.funnels = new FunnelSteps(settings.funnels);
    this.binding = new Binding(settings.dimensions, this.dictionaries.values);
    this.admitted = new AdmittedValues(settings.dimensions, this.dictionaries.values);
    this.members = new AdmittedMembers(this.dictionaries, limits.memberCaps);
  }

  /** It is not to be used for another unit: a sender may have filled it with what never comes again. */
  get isFull(): boolean {
    return this.sums.isFull || [...this.lanes.values()].some(({ isFull }) => isFull);
  }

  lane(name: string): LaneMemory {
    const known = this.lanes.get(name);
    if (known !== undefined) return known;
    const plans = plansOf(this.settings);
    const { funnels, stages } = this.funnels;
    const visitors = new Visitors(this.dictionaries, plans, funnels.length, stages.length);
    const made = new LaneMemory(
      visitors,
      new SeenIds(plans.seen, this.dictionaries.seed),
      new HeldEvents(this.dictionaries.users),
    );
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
