import { type PartitionId, partitionName } from '../../events/partition.ts';
import { LOG_SKEW_MS } from '../../fold/settings.ts';
import { QUEUE_COUNTERS } from '../../fold/state/state-families.ts';
import type { EventLog, Position } from '../ports/event-log.ts';
import type { PartitionStatus, StatusStore } from '../ports/status-store.ts';

/** A guest's purchase is told to the user's owner, who links, so that the guest's owner hands over: so many records follow one another. */
const MOST_HOPS = 3;

/** Asking every partition may take so much of the time, */
const SHARE = 1 / 20;
/** as long as that is often enough: a round takes several looks, and where Redis or this process is slow, each takes long. */
const LONGEST_PAUSE_MS = 1_000;

/** By partition, the turn of the last message that had been said. */
type Turns = ReadonlyMap<string, number>;

/** All that had arrived when it began is to be counted, and then what followed from that, hop by hop. */
interface Round {
  /** Messages that had been said by then. */
  readonly abandoned: Turns;
  readonly recovered: Turns;
  readonly beganMs: number;
  /** Of the log, a while after that; undefined before. */
  ends: ReadonlyMap<string, Position> | undefined;
  hops: number;
  /** Records that had been said when the ends were reached: they have to join the log. */
  said: Turns | undefined;
  /** The same at the hop before. */
  saidBefore: Turns | undefined;
}

export interface WatermarkParts {
  readonly log: Pick<EventLog, 'partitions' | 'ends' | 'distance' | 'start'>;
  readonly store: Pick<StatusStore, 'partitions'>;
  /** Milliseconds of a clock that nobody sets. */
  readonly now: () => number;
}

/**
 * Up to which messages about carts everything is counted that had arrived when they were said, in every partition, with what partitions
 * told each other because of it. A link that waits behind a backlog, and the purchase of a user, may show that a cart was not left behind.
 */
export class Watermark {
  private readonly parts: WatermarkParts;
  private readonly partitions: readonly PartitionId[];
  /** As of the last look. */
  private counters: readonly Turns[] = [];
  private round: Round | undefined;
  /** How often all that had arrived was counted. */
  rounds = 0;
  private passed: Turns = new Map();
  private settling: { readonly recovered: Turns; readonly abandoned: Turns } | undefined;
  private settled: Turns = new Map();
  private advancing: Promise<void> | undefined;
  private notBeforeMs = 0;

  constructor(parts: WatermarkParts) {
    this.parts = parts;
    this.partitions = parts.log.partitions.filter(({ topic }) => topic === 'events');
  }

  /** The turn up to which nothing can show any more that a message is wrong. */
  abandonedUpTo(partition: PartitionId): number {
    return this.passed.get(partitionName(partition)) ?? 0;
  }

  /** The turn up to which `recovered` may go: each `abandoned` that was said before it, in any partition, is out. */
  recoveredUpTo(partition: PartitionId): number {
    return this.settled.get(partitionName(partition)) ?? 0;
  }

  /** Goes on as far as counting has; what is not counted yet is waited for by the next call. */
  async advance(): Promise<void> {
    if (this.parts.now() < this.notBeforeMs) return;
    this.advancing ??= this.run().finally(() => {
      this.advancing = undefined;
    });
    await this.advancing;
  }

  private async run(): Promise<void> {
    const began = this.parts.now();
    for (let goesOn = true; goesOn; ) {
      const statuses = await this.parts.store.partitions(this.partitions);
      this.noteTurns(statuses);
      this.noteSettled(statuses);
      goesOn = await this.goOn(statuses);
    }
    const ended = this.parts.now();
    this.notBeforeMs = ended + Math.min((ended - began) / SHARE, LONGEST_PAUSE_MS);
  }

  /** @returns whether it may go on further at once */
  private async goOn(statuses: readonly PartitionStatus[]): Promise<boolean> {
    const { round } = this;
    if (round === undefined) {
      const said = { abandoned: turnsOf(statuses, 'queued'), recovered: turnsOf(statuses, 'recoveries') };
      const beganMs = this.parts.now();
      this.round = { ...said, beganMs, ends: undefined, hops: 0, said: undefined, saidBefore: undefined };
      return false;
    }
    if (round.ends === undefined) {
      if (this.parts.now() < round.beganMs + LOG_SKEW_MS) return false;
      round.ends = await this.parts.log.ends();
      return true;
    }
    if (round.said === undefined && !this.haveReached(statuses, round.ends)) return false;
    round.said ??= turnsOf(statuses, 'said');
    // What was said before the last hop lay in the log by then: where nothing was said since, nothing follows.
    if (round.hops === MOST_HOPS || isSame(round.said, round.saidBefore)) return this.pass(round, statuses);
    if (!isBehind(statuses, 'firstRecord', round.said)) return false;
    round.ends = await this.parts.log.ends();
    round.hops += 1;
    [round.saidBefore, round.said] = [round.said, undefined];
    return true;
  }

  private pass({ abandoned, recovered }: Round, statuses: readonly PartitionStatus[]): boolean {
    this.passed = abandoned;
    this.rounds += 1;
    this.settling ??= { recovered, abandoned: turnsOf(statuses, 'queued') };
    this.round = undefined;
    return false;
  }

  /** Where Redis went back in time, what is said from here on has turns that had passed. */
  private noteTurns(statuses: readonly PartitionStatus[]): void {
    const counters = QUEUE_COUNTERS.map((counter) => turnsOf(statuses, counter));
    const isLess = (turns: Turns, before: Turns): boolean =>
      [...before].some(([partition, turn]) => (turns.get(partition) ?? 0) < turn);
    if (this.counters.some((before, i) => isLess(counters[i] ?? before, before))) {
      this.passed = new Map();
      this.settled = new Map();
      this.settling = undefined;
      this.round = undefined;
    }
    this.counters = counters;
  }

  private noteSettled(statuses: readonly PartitionStatus[]): void {
    if (this.settling === undefined || !isBehind(statuses, 'firstAbandoned', this.settling.abandoned)) return;
    this.settled = this.settling.recovered;
    this.settling = undefined;
  }

  private haveReached(statuses: readonly PartitionStatus[], ends: ReadonlyMap<string, Position>): boolean {
    const { log } = this.parts;
    return statuses.every(({ partition, position }) => {
      const end = ends.get(partitionName(partition));
      return end === undefined || log.distance(position ?? log.start, end) <= 0;
    });
  }
}

const turnsOf = (statuses: readonly PartitionStatus[], of: (typeof QUEUE_COUNTERS)[number]): Turns =>
  new Map(statuses.map((status) => [partitionName(status.partition), status[of]]));

const isSame = (turns: Turns, others: Turns | undefined): boolean =>
  others !== undefined && [...turns].every(([partition, turn]) => others.get(partition) === turn);

/** Is the first that waits, in every partition, one that was said later? */
const isBehind = (statuses: readonly PartitionStatus[], of: 'firstRecord' | 'firstAbandoned', turns: Turns): boolean =>
  statuses.every(
    (status) => (status[of] ?? Number.POSITIVE_INFINITY) > (turns.get(partitionName(status.partition)) ?? 0),
  );
