import { definitions } from '../../../src/analytics/index.ts';
import { type PartitionId, partitionName } from '../../../src/events/partition.ts';
import { partitionOf } from '../../../src/events/partitioner.ts';
import { retractionId } from '../../../src/fold/carts/cart-message.ts';
import { parseOutgoing } from '../../../src/fold/links/outgoing.ts';
import { type FoldSettings, LIVE } from '../../../src/fold/settings.ts';
import { plansOf } from '../../../src/fold/state/bucket-plans.ts';
import { outbox, recordOutbox, recoveredOutbox, retractedMessages } from '../../../src/fold/state/state-families.ts';
import { PartitionWorker } from '../../../src/ingestion/partition-worker.ts';
import type { AppendOutcome, LogAppend, LogRecord, ReplayedRecord } from '../../../src/ingestion/ports/event-log.ts';
import { recordBatchOf } from '../../../src/ingestion/ports/record-batch.ts';
import type { Commit, CommitOutcome, StateStore } from '../../../src/ingestion/ports/state-store.ts';
import type { UnitArchive } from '../../../src/ingestion/ports/unit-archive.ts';
import type { CounterFamily, RankingFamily } from '../../../src/metrics/family.ts';
import { MEMBER_CAPS, type MemberCaps } from '../../../src/metrics/members.ts';
import { Calendar } from '../../../src/time/calendar.ts';
import { MemoryStateStore } from '../fakes/state-store.ts';
import { record, StillLog } from '../fakes/still-log.ts';
import { SETTINGS } from './settings.ts';
import { allSums } from './sums.ts';

type Counts = Record<string, number>;

/** What was said about a cart, and how many records had been counted by then. */
export interface SaidOfCart {
  readonly event_id: string;
  readonly topic: string;
  readonly user_id: string;
  readonly cart_id: string;
  readonly value: number;
  readonly turn: number;
}

/** A record that one partition has for another, on its way. */
interface Sent {
  readonly from: number;
  readonly to: number;
  /** Whom it is about. */
  readonly key: string;
  readonly value: string;
}

interface ShopParts {
  readonly store?: StateStore | undefined;
  readonly memberCaps?: MemberCaps;
  readonly settings?: FoldSettings;
  readonly archive?: UnitArchive;
  /** What partitions tell each other says nothing of time. */
  readonly isTimeless?: boolean;
  /** What they would tell each other lies in the log. */
  readonly isMuted?: boolean;
}

/** Several partitions of a log, each counted by an owner of its own; what they tell each other is delivered when a test says so. */
export class PartitionedShop {
  private readonly said: (SaidOfCart & { readonly partition: string })[] = [];
  private readonly retractions = new Set<string>();
  readonly tallies: Counts = {};
  /** By sender and receiver, in the order in which it was said. */
  readonly onTheWay = new Map<string, Sent[]>();
  readonly delivered: Sent[] = [];
  private readonly store: StateStore;
  private readonly kept: StateStore;
  private readonly memberCaps: MemberCaps;
  private readonly settings: FoldSettings;
  private readonly archive: UnitArchive | undefined;
  private readonly isTimeless: boolean;
  private readonly isMuted: boolean;
  private readonly logs: LogRecord[][];
  private readonly positions: number[];
  private readonly workers: (PartitionWorker | undefined)[];
  private readonly sums = new Map<string, number>();
  private readonly log: StillLog;
  private readonly calendar = new Calendar('UTC');
  private turn = 0;
  /** As far as owners know, all is counted when nothing is on its way. */
  private readonly watermark = {
    rounds: 0,
    advance: async (): Promise<void> => {
      this.watermark.rounds += this.isQuiet ? 1 : 0;
    },
  };
  /** Of the newest record. */
  private arrivedAtMs = 0;
  /** What it is by the owners' clocks: they look for users who wait for too long every five seconds. */
  nowMs = 0;

  constructor(
    partitions: number,
    {
      store = new MemoryStateStore(plansOf(SETTINGS)),
      memberCaps = MEMBER_CAPS,
      settings = SETTINGS,
      archive,
      isTimeless = false,
      isMuted = false,
    }: ShopParts = {},
  ) {
    this.memberCaps = memberCaps;
    this.settings = settings;
    this.archive = archive;
    this.isTimeless = isTimeless;
    this.isMuted = isMuted;
    this.logs = Array.from({ length: partitions }, () => []);
    this.positions = this.logs.map(() => 0);
    this.workers = this.logs.map(() => undefined);
    this.kept = store;
    this.store = this.recorded(store);
    this.log = new AppendingLog(partitions, (appends) => {
      for (const { partition, value } of appends) this.append(partition.index, value);
    });
  }

  get partitions(): number {
    return this.logs.length;
  }

  partitionOf(key: string): number {
    return partitionOf(key, this.partitions);
  }

  /** An event joins the log of its visitor's partition. */
  put(event: { readonly timestamp: number; readonly user_id?: string; readonly anonymous_id?: string }): void {
    this.append(this.partitionOf(event.user_id ?? event.anonymous_id ?? ''), event, event.timestamp);
  }

  append(partition: number, value: unknown, arrivedAtMs = this.arrivedAtMs): void {
    this.arrivedAtMs = Math.max(this.arrivedAtMs, arrivedAtMs);
    const log = this.logs[partition];
    log?.push(record(log.length, value, this.arrivedAtMs));
  }

  /** What joins the log from here on arrives no earlier. */
  arriveAt(ms: number): void {
    this.arrivedAtMs = Math.max(this.arrivedAtMs, ms);
  }

  waits(partition: number): number {
    return (this.logs[partition]?.length ?? 0) - (this.positions[partition] ?? 0);
  }

  /** Counts the next records of a partition, in one unit. */
  async count(partition: number, records = Number.POSITIVE_INFINITY): Promise<void> {
    const at = this.positions[partition] ?? 0;
    const batch = this.logs[partition]?.slice(at, at + Math.min(records, this.waits(partition))) ?? [];
    if (batch.length === 0) return;
    this.turn += 1;
    const worker = await this.workerOf(partition);
    this.positions[partition] = Number(await worker.process(idOf(partition), recordBatchOf(batch)));
  }

  /** Another owner takes the partition over: it knows what the store holds, and nothing else. */
  changeOwner(partition: number): void {
    this.workers[partition] = undefined;
  }

  /** The oldest record from one partition to another joins the log there. */
  deliver(lane: string): void {
    const sent = this.onTheWay.get(lane)?.shift();
    if (sent === undefined) return;
    this.delivered.push(sent);
    // No record of another joins the log in the same millisecond as what it is said of.
    this.append(sent.to, this.isTimeless ? timeless(sent.value) : sent.value, this.arrivedAtMs + 1);
  }

  /** A record that was delivered joins the log once more. */
  repeat(index: number): void {
    const sent = this.delivered[index];
    if (sent !== undefined) this.append(sent.to, sent.value);
  }

  get lanes(): string[] {
    return [...this.onTheWay].flatMap(([lane, sent]) => (sent.length > 0 ? [lane] : []));
  }

  get isQuiet(): boolean {
    return this.lanes.length === 0 && this.logs.every((_, partition) => this.waits(partition) === 0);
  }

  /** Counts and delivers until nothing is left. */
  async settle(): Promise<void> {
    while (!this.isQuiet) {
      for (const lane of this.lanes) while ((this.onTheWay.get(lane)?.length ?? 0) > 0) this.deliver(lane);
      for (let partition = 0; partition < this.partitions; partition++) await this.count(partition);
    }
  }

  /** Lane time runs on everywhere. */
  tick(atMs: number): void {
    for (let partition = 0; partition < this.partitions; partition++)
      this.append(partition, { control: 'tick', at: atMs }, atMs);
  }

  /** The log as it stands, in the order in which its records arrived. */
  get records(): ReplayedRecord[] {
    const all = this.logs.flatMap((log, index) => log.map((one) => ({ partition: idOf(index), record: one })));
    return all.sort((a, b) => a.record.arrivedAtMs - b.record.arrivedAtMs);
  }

  /** What owners do at this moment: lane time runs on where a cart has fallen due, and stands still elsewhere. */
  async tickDue(atMs: number): Promise<void> {
    for (let partition = 0; partition < this.partitions; partition++) {
      const dueMs = await this.store.nextDue(idOf(partition), LIVE);
      if (dueMs !== undefined && dueMs < atMs) this.append(partition, { control: 'tick', at: atMs }, atMs);
    }
  }

  /** Keys of the store that hold a text, as a value in quotes or as a name. */
  naming(text: string): string[] {
    if (!(this.kept instanceof MemoryStateStore)) throw new Error('only a store in memory tells');
    const held = (value: unknown): boolean =>
      [`"${text}"`, `"${text}\\"`].some((one) => JSON.stringify(value).includes(one));
    const { contents } = this.kept;
    return [...contents.plain()]
      .filter(([key, value]) => !contents.uniques.has(key) && (key.endsWith(`:${text}`) || held(value)))
      .map(([key]) => key);
  }

  /** What was added up, over all partitions and windows. */
  total(family: CounterFamily | RankingFamily, field: string, dimensions = ''): number {
    return this.sums.get(`${family.name} ${dimensions} ${field}`) ?? 0;
  }

  /** All that was added up, over all partitions and windows. */
  get totals(): Counts {
    return Object.fromEntries([...this.sums].filter(([, n]) => n !== 0).sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** As if none had been published yet: what was retracted is not among them. */
  get messages(): SaidOfCart[] {
    return this.said.filter((one) => !this.isRetracted(one));
  }

  get retracted(): SaidOfCart[] {
    return this.said.filter((one) => this.isRetracted(one));
  }

  private async workerOf(partition: number): Promise<PartitionWorker> {
    const known = this.workers[partition];
    if (known !== undefined) return known;
    const { store, log, calendar, memberCaps, settings, archive } = this;
    const worker = new PartitionWorker({
      store,
      log,
      settings,
      calendar,
      definitions,
      memberCaps,
      archive,
      watermark: this.watermark,
      muted: this.isMuted,
      now: () => this.nowMs,
    });
    await worker.claim(idOf(partition));
    this.workers[partition] = worker;
    return worker;
  }

  /** A store that tells what is committed. */
  private recorded(store: StateStore): StateStore {
    const commit = async (commit: Commit): Promise<CommitOutcome> => {
      const added = allSums(commit.writes.sums);
      const outcome = await store.commit(commit);
      if (outcome.outcome === 'applied') this.note(commit, added);
      return outcome;
    };
    return new Proxy(store, {
      get: (target, name) => {
        if (name === 'commit') return commit;
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  private note({ partition, writes, tallies, erased }: Commit, added: ReturnType<typeof allSums>): void {
    for (const { family, dimensions, field, n } of added) {
      const name = `${family.name} ${dimensions} ${field}`;
      this.sums.set(name, (this.sums.get(name) ?? 0) + n);
    }
    for (const [name, n] of Object.entries(tallies)) this.tallies[name] = (this.tallies[name] ?? 0) + n;
    for (const queue of [outbox, recoveredOutbox])
      for (const text of [...(writes.queued.get(queue)?.values() ?? [])].flat()) {
        const { topic, value } = JSON.parse(text);
        this.said.push({ topic, ...JSON.parse(value), turn: this.turn, partition: partitionName(partition) });
      }
    for (const [of, retractions] of writes.state.get(retractedMessages) ?? [])
      for (const id of retractions.keys()) this.retractions.add(`${of} ${id}`);
    if (erased !== undefined) this.unsend(partition.index, erased);
    const said = writes.queued.get(recordOutbox)?.get(partitionName(partition)) ?? [];
    if (!this.isMuted) for (const text of said) this.send(partition.index, text);
  }

  private isRetracted({ topic, cart_id, user_id, partition }: (typeof this.said)[number]): boolean {
    return topic === 'abandoned' && this.retractions.has(`${partition} ${retractionId(cart_id, user_id)}`);
  }

  private send(from: number, text: string): void {
    const { to, key, value } = parseOutgoing(text);
    const receiver = this.partitionOf(to);
    const lane = `${from} to ${receiver}`;
    this.onTheWay.set(lane, [...(this.onTheWay.get(lane) ?? []), { from, to: receiver, key, value }]);
  }

  /** An erasure takes what is about the user out of what a partition has to tell others. */
  private unsend(from: number, userId: string): void {
    for (const [lane, sent] of this.onTheWay)
      this.onTheWay.set(
        lane,
        sent.filter((one) => one.from !== from || one.key !== userId),
      );
  }
}

function timeless(value: string): string {
  const { now: _, ...record } = JSON.parse(value);
  return JSON.stringify(record);
}

const idOf = (index: number): PartitionId => ({ topic: 'events', index });

/** Takes what owners append by themselves. */
class AppendingLog extends StillLog {
  private readonly take: (records: readonly LogAppend[]) => void;

  constructor(partitions: number, take: (records: readonly LogAppend[]) => void) {
    super(partitions);
    this.take = take;
  }

  override append(records: readonly LogAppend[]): Promise<AppendOutcome[]> {
    this.take(records);
    return Promise.resolve(records.map(() => ({ outcome: 'acknowledged' })));
  }
}
