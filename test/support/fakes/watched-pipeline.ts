import { definitions } from '../../../src/analytics/index.ts';
import type { PartitionId } from '../../../src/events/partition.ts';
import { plansOf } from '../../../src/fold/state/bucket-plans.ts';
import type { LaneNeeds, LaneSnapshot } from '../../../src/fold/state/snapshot.ts';
import { Pipeline, type PipelineParts, type Standing } from '../../../src/ingestion/pipeline.ts';
import type { RecordBatch } from '../../../src/ingestion/ports/event-log.ts';
import { recordBatchOf } from '../../../src/ingestion/ports/record-batch.ts';
import type { Commit, CommitOutcome } from '../../../src/ingestion/ports/state-store.ts';
import { Calendar } from '../../../src/time/calendar.ts';
import { SETTINGS } from '../core/settings.ts';
import { MemoryStateStore } from './state-store.ts';
import { record, StillLog } from './still-log.ts';

const ARRIVED = Date.parse('2026-11-20T14:00:00Z');
export const partition: PartitionId = { topic: 'events', index: 0 };

/** Writes down what it is asked, and answers a commit with what a test has laid ready instead of applying it. */
class WatchedStore extends MemoryStateStore {
  readonly commits: Commit[] = [];
  readonly answers: (CommitOutcome['outcome'] | Error)[] = [];
  /** Visitors that were asked for, batch by batch. */
  readonly asked: (readonly string[])[] = [];
  private readonly trace: string[];
  onRead: () => void = () => undefined;

  constructor(trace: string[]) {
    super(plansOf(SETTINGS));
    this.trace = trace;
  }

  override read(of: PartitionId, needs: readonly LaneNeeds[]): Promise<LaneSnapshot[]> {
    this.trace.push('load');
    this.asked.push(needs.flatMap(({ visitors }) => visitors.filter((field) => field.startsWith('u'))));
    this.onRead();
    return super.read(of, needs);
  }

  override readUser(of: PartitionId, lane: string, timeMs: number, userId: string): Promise<LaneSnapshot> {
    this.trace.push('load');
    return super.readUser(of, lane, timeMs, userId);
  }

  override async commit(commit: Commit): Promise<CommitOutcome> {
    this.trace.push('commit');
    this.commits.push(commit);
    const answer = this.answers.shift();
    if (answer instanceof Error) throw answer;
    return answer === undefined ? super.commit(commit) : { outcome: answer };
  }
}

/** One partition's pipeline with a fake at each port, and its owner, who goes on where a batch has ended. */
export function watchedPipeline(parts: Partial<PipelineParts> = {}) {
  const trace: string[] = [];
  const say = (what: string) => async (): Promise<void> => void trace.push(what);
  const store = new WatchedStore(trace);
  const log = Object.assign(new StillLog(1), { deadLetter: say('dead letters'), eraseUser: say('erased in the log') });
  const folding = {
    families: [],
    count: () => ({ event: () => fold(), cart: () => fold(), erasure: () => fold(), inventory: () => fold() }),
  };
  const fold = (): void => void (trace.at(-1) !== 'fold' && trace.push('fold'));
  const pipeline = new Pipeline({
    store,
    log,
    settings: SETTINGS,
    calendar: new Calendar('UTC'),
    definitions: [...definitions, folding],
    outbox: { kick: () => void trace.push('publish') },
    eraseUser: say('erased elsewhere'),
    ...parts,
  });
  const standing: { -readonly [K in keyof Standing]: Standing[K] } = {
    epoch: 1,
    position: undefined,
    step: 0,
    lanes: new Map(),
  };
  let offset = 0;
  const run = async (values: readonly unknown[], isOwner: () => boolean = () => true) => {
    if (offset === 0) await store.claim(partition);
    const outcome = await pipeline.run(partition, standing, watched(batchOf(values, offset), trace), isOwner);
    if (outcome.outcome !== 'counted') return outcome;
    offset += values.length;
    Object.assign(standing, outcome);
    return outcome;
  };
  return { trace, store, pipeline, standing, run };
}

function batchOf(values: readonly unknown[], offset: number): RecordBatch {
  return recordBatchOf(values.map((value, i) => record(offset + i, value, ARRIVED + i)));
}

/** Says when its first record is looked at. */
function watched(batch: RecordBatch, trace: string[]): RecordBatch {
  const importOf = batch.importOf.bind(batch);
  batch.importOf = (i) => {
    if (i === 0) trace.push('decode');
    return importOf(i);
  };
  return batch;
}
