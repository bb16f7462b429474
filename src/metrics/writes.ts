import type { LocalTime } from '../time/windows.ts';
import type {
  CounterFamily,
  Family,
  HistoryFamily,
  IndexFamily,
  LatestFamily,
  QueueFamily,
  RankingFamily,
  RecordFamily,
  ScheduleFamily,
  StateFamily,
  UniquesFamily,
} from './family.ts';
import { inCity } from './fields.ts';

/** A sum that grows in place: most are added to many times, and found by one look each time. */
export interface Sum {
  n: number;
  /** The same field's sums of single cities, each of which is a member of its own as well. */
  cities: Map<string, Sum> | undefined;
}
type Sums = Map<string, Sum>;
/** Family → dimensions → finest window → member → sum. */
type Buckets<V, F extends Family> = Map<F, Map<string, Map<LocalTime, V>>>;

/** Values by field; undefined where the field goes. */
type Fields = Map<string, string | undefined>;

/** What becomes of a hash of which thousands of fields change, each of them once. */
export interface Changes {
  /** Fields and values in turns. */
  readonly put: string[];
  readonly taken: string[];
}

/** A value with the event that it came with. */
export interface LatestValue {
  readonly atMs: number;
  readonly eventId: string;
  readonly value: string;
}

export interface ScheduleChange {
  /** Score to set, or undefined to take the member off. */
  readonly score: number | undefined;
}

export interface History {
  /** Times in milliseconds and members in turns. */
  readonly members: string[];
  renew: boolean;
}

/**
 * Everything that one commit changes, summed up in memory. Folds add to the finest window of a family only;
 * whoever stores the writes adds up the coarser ones. Order of calls does not matter, so batches may be cut anywhere.
 */
export class Writes {
  readonly sums: Buckets<Sums, CounterFamily | RankingFamily> = new Map();
  private readonly lastSums = new Map<
    Family,
    { readonly at: LocalTime; readonly dimensions: string; readonly sums: Sums }
  >();
  readonly uniques: Buckets<Set<string>, UniquesFamily> = new Map();
  readonly histories = new Map<HistoryFamily, Map<string, History>>();
  readonly latest = new Map<LatestFamily, Map<string, LatestValue>>();
  readonly state = new Map<StateFamily | RecordFamily, Map<string, Fields>>();
  /** Stored before what is put and removed one by one. */
  readonly changed = new Map<StateFamily, Map<string, Changes>>();
  readonly schedules = new Map<ScheduleFamily | IndexFamily, Map<string, Map<string, ScheduleChange>>>();
  /** Texts that join the end of a queue, in order. */
  readonly queued = new Map<QueueFamily, Map<string, string[]>>();
  /** Histories of which nothing is to be left. */
  readonly droppedHistories: { readonly family: HistoryFamily; readonly dimensions: string }[] = [];
  readonly dropped: { readonly family: StateFamily | ScheduleFamily; readonly dimensions: string }[] = [];

  /** Adds to a counter's field, or to a member of a ranking. */
  add(to: CounterFamily | RankingFamily, at: LocalTime, member: string, by = 1, dimensions = ''): void {
    if (by === 0) return;
    addTo(this.sumsOf(to, at, dimensions), member, by);
  }

  /** Adds to a counter's field over all cities, and to the same field of one city. */
  addInCity(to: CounterFamily, at: LocalTime, metric: string, city: string, by = 1, dimensions = ''): void {
    if (by === 0) return;
    const sums = this.sumsOf(to, at, dimensions);
    const all = addTo(sums, metric, by);
    all.cities ??= new Map();
    const known = all.cities.get(city);
    if (known === undefined) all.cities.set(city, addTo(sums, inCity(metric, city), by));
    else known.n += by;
  }

  /** Neighbouring events mostly share their window, so the last one of each family is looked at first. */
  private sumsOf(of: CounterFamily | RankingFamily, at: LocalTime, dimensions: string): Sums {
    const last = this.lastSums.get(of);
    if (last !== undefined && last.at === at && last.dimensions === dimensions) return last.sums;
    const sums = slot(this.sums, of, dimensions, at, newSums);
    this.lastSums.set(of, { at, dimensions, sums });
    return sums;
  }

  unique(of: UniquesFamily, at: LocalTime, member: string, dimensions: string): void {
    slot(this.uniques, of, dimensions, at, newSet).add(member);
  }

  /** @param renew whether its life begins anew; what is new has one in any case */
  addToHistory(of: HistoryFamily, dimensions: string, atMs: number, member: string, renew = true): void {
    const history = child(this.histories, of, dimensions, newHistory);
    history.members.push(String(atMs), member);
    history.renew ||= renew;
  }

  /** Drops a history; what is added after this call stays. */
  dropHistory(of: HistoryFamily, dimensions: string): void {
    this.histories.get(of)?.delete(dimensions);
    this.droppedHistories.push({ family: of, dimensions });
  }

  /** Keeps the value with the greatest (timestamp, event_id), whichever partition or shard wrote it. */
  keepLatest(of: LatestFamily, field: string, atMs: number, eventId: string, value: string): void {
    const fields = nested(this.latest, of, newLatest);
    const known = fields.get(field);
    const offered = { atMs, eventId, value };
    if (known === undefined || isNewer(offered, known)) fields.set(field, offered);
  }

  put(of: StateFamily | RecordFamily, dimensions: string, field: string, value: string): void {
    child(this.state, of, dimensions, newFields).set(field, value);
  }

  remove(of: StateFamily | RecordFamily, dimensions: string, field: string): void {
    child(this.state, of, dimensions, newFields).set(field, undefined);
  }

  /** For whoever changes most of a hash's fields that a batch is about; none of them twice. */
  changes(of: StateFamily, dimensions: string): Changes {
    return child(this.changed, of, dimensions, newChanges);
  }

  schedule(of: ScheduleFamily | IndexFamily, dimensions: string, member: string, score: number | undefined): void {
    child(this.schedules, of, dimensions, newSchedule).set(member, { score });
  }

  enqueue(of: QueueFamily, dimensions: string, text: string): void {
    child(this.queued, of, dimensions, newTexts).push(text);
  }

  drop(of: StateFamily | ScheduleFamily, dimensions: string): void {
    this.dropped.push({ family: of, dimensions });
  }
}

function addTo(sums: Sums, member: string, by: number): Sum {
  const known = sums.get(member);
  if (known !== undefined) {
    known.n += by;
    return known;
  }
  const sum = { n: by, cities: undefined };
  sums.set(member, sum);
  return sum;
}

const newHistory = (): History => ({ members: [], renew: false });
const newSums = (): Sums => new Map();
const newSet = (): Set<string> => new Set();
const newLatest = (): Map<string, LatestValue> => new Map();
const newFields = (): Fields => new Map();
const newChanges = (): Changes => ({ put: [], taken: [] });
const newTexts = (): string[] => [];
const newSchedule = (): Map<string, ScheduleChange> => new Map();

function nested<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function child<F, V>(map: Map<F, Map<string, V>>, of: F, dimensions: string, make: () => V): V {
  return nested(childrenOf(map, of), dimensions, make);
}

function slot<V, F extends Family>(buckets: Buckets<V, F>, of: F, dimensions: string, at: LocalTime, make: () => V): V {
  return nested(childrenOf(childrenOf(buckets, of), dimensions), at, make);
}

function childrenOf<P, K, V>(map: Map<P, Map<K, V>>, parent: P): Map<K, V> {
  const known = map.get(parent);
  if (known !== undefined) return known;
  const made = new Map<K, V>();
  map.set(parent, made);
  return made;
}

/** Of one millisecond the store keeps the greater text; which of them a batch keeps must not depend on how batches are cut. */
const tieBreaker = ({ eventId, value }: LatestValue): string => JSON.stringify([eventId, value]);

function isNewer(offered: LatestValue, known: LatestValue): boolean {
  return offered.atMs === known.atMs ? tieBreaker(offered) > tieBreaker(known) : offered.atMs > known.atMs;
}
