import { partitionName } from '../events/partition.ts';
import { HELD } from '../fold/tallies.ts';
import { withTimeout } from '../runtime/with-timeout.ts';
import type { EventLog, Position } from './ports/event-log.ts';
import type { PartitionStatus, StatusStore } from './ports/status-store.ts';

const REFRESH_MS = 250;
/** From this age on a newer one is being looked for. */
const AHEAD_MS = 100;
const SAMPLE_MS = 1_000;
const SAMPLES = 60;
/** While partitions tell each other things all the time, the last look counts. */
const MOST_READS = 5;
const LOG_TIMEOUT_MS = 1_000;

interface Sample {
  readonly atMs: number;
  readonly events: number;
  readonly ageMs: number;
}

export interface PipelineStatus {
  readonly lag: number;
  readonly partitions: {
    readonly topic: string;
    readonly partition: number;
    readonly position: string;
    readonly end: string;
    readonly lag: number;
  }[];
  readonly tallies: ReadonlyMap<string, number>;
  readonly outbox: { readonly waiting: number; readonly paused: readonly number[] };
  readonly asOfMs: number;
}

/** Where counting stands against the log: lag, freshness and throughput, as seen from outside. */
export class PipelineMonitor {
  private readonly log: EventLog;
  private readonly store: StatusStore;
  private readonly now: () => number;
  private checking: { readonly atMs: number; readonly pipeline: Promise<PipelineStatus> } | undefined;
  private known: { readonly atMs: number; readonly asOfMs: number } | undefined;
  private samples: Sample[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(log: EventLog, store: StatusStore, now: () => number) {
    this.log = log;
    this.store = store;
    this.now = now;
  }

  start(): void {
    this.timer = setInterval(() => {
      // A failing check is shown by /health/ready; the next one may succeed.
      this.sample().catch(() => undefined);
    }, SAMPLE_MS);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Checks anew: ends are read after the call came. */
  async check(): Promise<PipelineStatus> {
    const askedAtMs = this.now();
    let { ends, statuses, isSure } = await this.readStanding();
    for (let reads = 1; !isSure && reads < MOST_READS; reads++)
      ({ ends, statuses, isSure } = await this.readStanding());
    const tallies = new Map<string, number>();
    let asOfMs = askedAtMs;
    const partitions = statuses.map((status) => {
      const { partition, position, arrivedAtMs, tallies: own } = status;
      const at = position ?? this.log.start;
      const end = ends.get(partitionName(partition)) ?? at;
      const lag = this.lagOf(status, end);
      if (lag > 0) asOfMs = Math.min(asOfMs, arrivedAtMs ?? 0);
      for (const [tally, n] of own) tallies.set(tally, (tallies.get(tally) ?? 0) + n);
      return {
        topic: partition.topic,
        partition: partition.index,
        position: this.log.describe(at),
        end: this.log.describe(end),
        lag,
      };
    });
    const outbox = {
      waiting: statuses.reduce((sum, { waiting }) => sum + waiting, 0),
      paused: statuses.filter(({ isFull }) => isFull).map(({ partition }) => partition.index),
    };
    if (askedAtMs >= (this.known?.atMs ?? 0)) this.known = { atMs: askedAtMs, asOfMs };
    return { lag: partitions.reduce((sum, { lag }) => sum + lag, 0), partitions, tallies, outbox, asOfMs };
  }

  /** What waits for a guest's session, and what waits to be told others, is accepted and in no answer yet. */
  private lagOf({ position, tallies, recordsWaiting }: PartitionStatus, end: Position | undefined): number {
    const at = position ?? this.log.start;
    return Math.max(0, this.log.distance(at, end ?? at)) + (tallies.get(HELD) ?? 0) + recordsWaiting;
  }

  /**
   * Reads where counting stands before the log's ends and after. What a partition tells another may join the log in between, behind the
   * ends that were read: then nobody knows whether all is counted.
   */
  private async readStanding() {
    const before = await this.store.partitions(this.log.partitions);
    const ends = await this.log.ends();
    const statuses = await this.store.partitions(this.log.partitions);
    const isBehind = statuses.some((one) => this.lagOf(one, ends.get(partitionName(one.partition))) > 0);
    const isStill = statuses.every(({ said }, i) => said === before[i]?.said && before[i].recordsWaiting === 0);
    return { ends, statuses, isSure: isBehind || isStill };
  }

  /**
   * The moment up to which all that had arrived is in the answers; at most a quarter of a second
   * old. While it is asked for often, it is looked at anew before it is that old, and nobody waits.
   */
  async asOf(): Promise<number> {
    const nowMs = this.now();
    const { known } = this;
    const ageMs = known === undefined ? Number.POSITIVE_INFINITY : nowMs - known.atMs;
    if (known !== undefined && ageMs <= AHEAD_MS) return known.asOfMs;
    const checking = this.checkOnce(nowMs);
    if (known !== undefined && ageMs <= REFRESH_MS) return known.asOfMs;
    return this.asOfOr(checking, known?.asOfMs);
  }

  /** One check at a time, unless it takes long. */
  private checkOnce(nowMs: number): Promise<PipelineStatus> {
    if (this.checking !== undefined && nowMs - this.checking.atMs <= REFRESH_MS) return this.checking.pipeline;
    const pipeline = this.check();
    const checking = { atMs: nowMs, pipeline };
    this.checking = checking;
    const end = (): void => {
      if (this.checking === checking) this.checking = undefined;
    };
    pipeline.then(end, end);
    return pipeline;
  }

  /** Answers do not wait for a log that is away: what was in them when it was last seen is in them still. */
  private async asOfOr(pipeline: Promise<PipelineStatus>, knownMs: number | undefined): Promise<number> {
    if (knownMs === undefined) return (await pipeline).asOfMs;
    const checked = pipeline.then(
      ({ asOfMs }) => asOfMs,
      () => knownMs,
    );
    return withTimeout(LOG_TIMEOUT_MS, checked, () => knownMs);
  }

  eventsPerSecond(): number {
    const first = this.samples.at(-11) ?? this.samples[0];
    const last = this.samples.at(-1);
    if (first === undefined || last === undefined || last.atMs <= first.atMs) return 0;
    return Math.round(((last.events - first.events) * 10_000) / (last.atMs - first.atMs)) / 10;
  }

  /** How old the answers were at each second of the last minute. */
  freshness(): { readonly p50: number | null; readonly p99: number | null } {
    const ages = this.samples.map(({ ageMs }) => ageMs).sort((a, b) => a - b);
    const at = (share: number): number | null =>
      ages[Math.min(ages.length - 1, Math.floor(share * ages.length))] ?? null;
    return { p50: at(0.5), p99: at(0.99) };
  }

  private async sample(): Promise<void> {
    const { asOfMs, tallies } = await this.check();
    const atMs = this.now();
    // While nothing has been counted of a partition there is no age to speak of.
    if (asOfMs === 0) return;
    const sample = { atMs, events: tallies.get('events') ?? 0, ageMs: Math.max(0, atMs - asOfMs) };
    this.samples = [...this.samples, sample].slice(-SAMPLES);
  }
}
