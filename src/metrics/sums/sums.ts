import type { LocalTime, RealtimeTime } from '../../time/windows.ts';
import type { CounterFamily, HistoryFamily, LatestFamily, RankingFamily, UniquesFamily } from '../family.ts';
import { Dictionaries, type Over } from './dictionaries.ts';
import { LatestColumn } from './latest-column.ts';
import { MemberColumn } from './member-column.ts';
import { type MetricId, type UniquesId, WindowSums } from './window-sums.ts';

/** What is summed up under one name, as a question has registered it. */
export interface Metric {
  readonly id: MetricId;
  readonly family: CounterFamily | RankingFamily;
  /** What stands between the family and the window in a key. */
  readonly dimensions: string;
  /** What a field begins with, before `|` and the dimension value; none where what it is kept by is the field itself. */
  readonly text: string | undefined;
  readonly over: Over;
  /** Is the sum over all values kept as well? */
  readonly hasTotal: boolean;
}

export interface Uniques {
  readonly id: UniquesId;
  readonly family: UniquesFamily;
  readonly text: string;
}

/** So many windows of a kind are kept for the next unit, which mostly falls into the same ones. */
const MOST_WINDOWS = 100;
/** So many sums under names that events give (payment types, currencies) are registered before all is forgotten. */
const MOST_METRICS = 20_000;

/**
 * What a unit adds up, by metric, window and dimension value. Questions register what they sum up once, and add to it by its number;
 * what it is called stands here. Order of additions does not matter, so a log may be cut anywhere.
 */
export class Sums {
  readonly dictionaries: Dictionaries;
  readonly metrics: Metric[] = [];
  readonly uniqueUsers: Uniques[] = [];
  /** Values of items of which the newest stays. */
  readonly latest = new Map<LatestFamily, LatestColumn>();
  /** Members that join histories of users. */
  readonly histories = new Map<HistoryFamily, MemberColumn>();
  /** Do the histories' members leave them, instead of joining? */
  takesOff = false;
  private readonly known = new Map<CounterFamily | RankingFamily, Map<string, Map<string, MetricId>>>();
  private readonly hours = new Windows<LocalTime>();
  private readonly quarters = new Windows<LocalTime>();
  private readonly fiveSeconds = new Windows<RealtimeTime>();
  private readonly halfMinutes = new Windows<RealtimeTime>();
  private readonly timeless = new Windows<LocalTime>();

  constructor(dictionaries = new Dictionaries()) {
    this.dictionaries = dictionaries;
  }

  /** A counter's field: its sum over all, and for each dimension value. */
  counter(family: CounterFamily, text: string, dimensions = ''): MetricId {
    return this.register({ family, dimensions, text, over: 'values', hasTotal: true });
  }

  /** A counter's field that is kept for each dimension value alone. */
  counterByValue(family: CounterFamily, text: string): MetricId {
    return this.register({ family, dimensions: '', text, over: 'values', hasTotal: false });
  }

  /** A ranking's members, or a counter's fields: what it is kept by stands there itself. */
  members(family: CounterFamily | RankingFamily, over: Over, dimensions = ''): MetricId {
    return this.register({ family, dimensions, text: undefined, over, hasTotal: false });
  }

  /** Unique users under one name of a family, for each dimension value. */
  uniques(family: UniquesFamily, text: string): UniquesId {
    const known = this.uniqueUsers.find((one) => one.family === family && one.text === text);
    if (known !== undefined) return known.id;
    const id = this.uniqueUsers.length as UniquesId;
    this.uniqueUsers.push({ id, family, text });
    return id;
  }

  /**
   * Items' newest titles: names, categories, brands, variants.
   * @param grainMs of two within one such stretch of time the one that comes later is the newer
   */
  latestTitles(family: LatestFamily, grainMs = 1): LatestColumn {
    const latest = this.latest.get(family) ?? new LatestColumn(this.dictionaries.titles, grainMs);
    this.latest.set(family, latest);
    return latest;
  }

  /** What joins a history of each user. */
  historyOfUsers(family: HistoryFamily): MemberColumn {
    const members = this.histories.get(family) ?? new MemberColumn();
    this.histories.set(family, members);
    return members;
  }

  hour(at: LocalTime): WindowSums {
    return this.hours.of(at, at.hour);
  }

  quarter(at: LocalTime): WindowSums {
    return this.quarters.of(at, at.quarter);
  }

  fiveSecond(at: RealtimeTime): WindowSums<RealtimeTime> {
    return this.fiveSeconds.of(at, at.fiveSeconds);
  }

  halfMinute(at: RealtimeTime): WindowSums<RealtimeTime> {
    return this.halfMinutes.of(at, at.halfMinute);
  }

  /** For what is not about a time. */
  always(none: LocalTime): WindowSums {
    return this.timeless.of(none, '');
  }

  /** Every window, of whatever grain: a family's sums lie in those of its finest. */
  *windows(): Iterable<WindowSums<LocalTime | RealtimeTime>> {
    for (const windows of [this.hours, this.quarters, this.fiveSeconds, this.halfMinutes, this.timeless])
      yield* windows.all();
  }

  get isFull(): boolean {
    return this.metrics.length > MOST_METRICS || this.dictionaries.isFull;
  }

  /** What was added is taken off instead, and what joined histories leaves them; the newest values stay as they are known. */
  takeBack(): void {
    for (const window of this.windows()) window.takeBack();
    for (const latest of this.latest.values()) latest.clear();
    this.takesOff = true;
  }

  clear(): void {
    this.takesOff = false;
    for (const members of this.histories.values()) members.clear();
    for (const latest of this.latest.values()) latest.clear();
    for (const windows of [this.hours, this.quarters, this.fiveSeconds, this.halfMinutes, this.timeless])
      windows.clear();
  }

  private register(metric: Omit<Metric, 'id'>): MetricId {
    const { family, dimensions, text = '' } = metric;
    const byText = child(child(this.known, family), dimensions);
    const known = byText.get(text);
    if (known !== undefined) return known;
    const id = this.metrics.length as MetricId;
    this.metrics.push({ ...metric, id });
    byText.set(text, id);
    return id;
  }
}

/** The windows of one grain. */
class Windows<Time extends LocalTime | RealtimeTime> {
  private readonly byLabel = new Map<string, WindowSums<Time>>();
  private last: { readonly label: string; readonly window: WindowSums<Time> } | undefined;

  /** Neighbouring events mostly share their window. */
  of(time: Time, label: string): WindowSums<Time> {
    if (this.last?.label === label) return this.last.window;
    let window = this.byLabel.get(label);
    if (window === undefined) {
      window = new WindowSums(time);
      this.byLabel.set(label, window);
    }
    this.last = { label, window };
    return window;
  }

  all(): Iterable<WindowSums<Time>> {
    return this.byLabel.values();
  }

  clear(): void {
    if (this.byLabel.size > MOST_WINDOWS) {
      this.byLabel.clear();
      this.last = undefined;
    } else for (const window of this.byLabel.values()) window.clear();
  }
}

function child<K, L, V>(parent: Map<K, Map<L, V>>, key: K): Map<L, V> {
  const known = parent.get(key);
  if (known !== undefined) return known;
  const made = new Map<L, V>();
  parent.set(key, made);
  return made;
}
