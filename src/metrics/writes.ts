import type {
  HistoryFamily,
  IndexFamily,
  LatestFamily,
  QueueFamily,
  RecordFamily,
  ScheduleFamily,
  StateFamily,
} from './family.ts';
import { ByteText } from './sums/byte-text.ts';
import { NumberList } from './sums/number-list.ts';
import { Sums } from './sums/sums.ts';

/** Values by field; undefined where the field goes. */
type Fields = Map<string, string | undefined>;

/** What becomes of a hash of which thousands of fields change, each of them once: fields and values as bytes, without a text for each. */
export class Changes {
  /** Fields that go. */
  readonly taken: string[] = [];
  /** Where the bytes lie, one behind the other, with those of other hashes between. */
  readonly texts: ByteText;
  /** For each that is put: where its field begins, where its value does, and where that ends. */
  private readonly places = new NumberList();

  constructor(texts: ByteText) {
    this.texts = texts;
  }

  /** The field is what is added until `value`, its value what is added until `end`. */
  field(): ByteText {
    this.places.push(this.texts.size);
    return this.texts;
  }

  value(): ByteText {
    return this.field();
  }

  end(): void {
    this.places.push(this.texts.size);
  }

  each(visit: (from: number, valueFrom: number, to: number) => void): void {
    for (let i = 0; i < this.places.size; i += 3)
      visit(this.places.at(i), this.places.at(i + 1), this.places.at(i + 2));
  }
}

/** A value with the moment of the event that it came with. */
export interface LatestValue {
  readonly atMs: number;
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

/** Everything that one commit changes, summed up in memory, in the log's order; so batches may be cut anywhere. */
export class Writes {
  readonly sums: Sums;
  readonly histories = new Map<HistoryFamily, Map<string, History>>();
  readonly latest = new Map<LatestFamily, Map<string, LatestValue>>();
  readonly state = new Map<StateFamily | RecordFamily, Map<string, Fields>>();
  /** Stored before what is put and removed one by one. */
  readonly changed = new Map<StateFamily, Map<string, Changes>>();
  /** Bytes that join the end of a text. */
  readonly appended: {
    readonly family: StateFamily | RecordFamily;
    readonly dimensions: string;
    readonly bytes: Buffer;
  }[] = [];
  readonly schedules = new Map<ScheduleFamily | IndexFamily, Map<string, Map<string, ScheduleChange>>>();
  /** Texts that join the end of a queue, in order. */
  readonly queued = new Map<QueueFamily, Map<string, string[]>>();
  /** Histories of which nothing is to be left. */
  readonly droppedHistories: { readonly family: HistoryFamily; readonly dimensions: string }[] = [];
  readonly dropped: { readonly family: StateFamily | ScheduleFamily; readonly dimensions: string }[] = [];

  private readonly texts: ByteText;

  /** @param texts where changes put their bytes: nobody else's are in it */
  constructor(sums = new Sums(), texts = new ByteText()) {
    this.sums = sums;
    this.texts = texts;
    texts.clear();
  }

  /** What was counted is taken off instead. What is known of items, and who was seen, stays as it is; nothing is said to anybody. */
  takeBack(): void {
    this.sums.takeBack();
    this.latest.clear();
    this.queued.clear();
  }

  /** @param renew whether its life begins anew; what is new has one in any case */
  addToHistory(of: HistoryFamily, dimensions: string, atMs: number, member: string, renew = true): void {
    const history = child(this.histories, of, dimensions, newHistory);
    history.members.push(String(atMs), member);
    history.renew ||= renew;
  }

  /** What was added goes somewhere else. */
  takeHistory(of: HistoryFamily, dimensions: string): (readonly [atMs: number, member: string])[] {
    const members = this.histories.get(of)?.get(dimensions)?.members ?? [];
    this.histories.get(of)?.delete(dimensions);
    return members.flatMap((atMs, i) => (i % 2 === 0 ? [[Number(atMs), members[i + 1] ?? ''] as const] : []));
  }

  /** Drops a history; what is added after this call stays. */
  dropHistory(of: HistoryFamily, dimensions: string): void {
    this.histories.get(of)?.delete(dimensions);
    this.droppedHistories.push({ family: of, dimensions });
  }

  /** Keeps the newest value; of one millisecond the last that came. */
  keepLatest(of: LatestFamily, field: string, atMs: number, value: string): void {
    const fields = nested(this.latest, of, newLatest);
    const known = fields.get(field);
    if (known === undefined || known.atMs <= atMs) fields.set(field, { atMs, value });
  }

  put(of: StateFamily | RecordFamily, dimensions: string, field: string, value: string): void {
    child(this.state, of, dimensions, newFields).set(field, value);
  }

  remove(of: StateFamily | RecordFamily, dimensions: string, field: string): void {
    child(this.state, of, dimensions, newFields).set(field, undefined);
  }

  /** For whoever changes most of a hash's fields that a batch is about; none of them twice. */
  changes(of: StateFamily, dimensions: string): Changes {
    return child(this.changed, of, dimensions, () => new Changes(this.texts));
  }

  append(of: StateFamily | RecordFamily, dimensions: string, bytes: Buffer): void {
    this.appended.push({ family: of, dimensions, bytes });
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

const newHistory = (): History => ({ members: [], renew: false });
const newLatest = (): Map<string, LatestValue> => new Map();
const newFields = (): Fields => new Map();
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

function childrenOf<P, K, V>(map: Map<P, Map<K, V>>, parent: P): Map<K, V> {
  const known = map.get(parent);
  if (known !== undefined) return known;
  const made = new Map<K, V>();
  map.set(parent, made);
  return made;
}
