import { setTimeout as sleep } from 'node:timers/promises';
import type { PartitionId } from '../events/partition.ts';
import type { EventLog, PartitionHandler } from '../ingestion/ports/event-log.ts';
import type { StateStore } from '../ingestion/ports/state-store.ts';
import { BehindLive, type Limit } from './behind-live.ts';

/** In a busy log the last records are left to those who take over. */
const LEFT_RECORDS = 1_000;
/** Where more arrives while hours are rolled up, folding goes on after it; not for ever. */
const MAX_ROUNDS = 3;
const CHECK_INTERVAL_MS = 100;

/** One generation of answers, as a rebuild sees it. */
export interface Generation {
  readonly store: Pick<StateStore, 'standing'>;
  /** Records that the log had forgotten before they were counted. */
  readonly missing: () => Promise<number>;
  /** Events that were counted, repeats among them. */
  readonly counted: () => Promise<number>;
  /** Sums of the last days, by what is counted. */
  readonly totals: () => Promise<ReadonlyMap<string, number>>;
}

export interface Compared {
  readonly what: string;
  readonly live: number;
  readonly rebuilt: number;
}

export interface RebuildParts {
  /** The log that is folded: the live one, or a copy of it with another number of partitions. */
  readonly log: EventLog;
  /** Copies what is counted live into that log; returns how many records were forgotten by the live one. */
  readonly copy: (() => Promise<number>) | undefined;
  /** Counts an archive first, up to where the log goes on; says whether it has come to the end. */
  readonly archive: (() => Promise<boolean>) | undefined;
  /** How far each partition may be folded: what is counted live. */
  readonly limit: Limit;
  readonly live: Generation;
  readonly rebuilt: Generation;
  /** Folds into the new generation. */
  readonly worker: PartitionHandler;
  readonly rollUp: () => Promise<unknown>;
  /** Takes over what waits to be published, and makes the new generation the one that is read. */
  readonly switchOver: () => Promise<void>;
  readonly onProgress: (done: number, of: number) => void;
  readonly onCompared: (rows: readonly Compared[]) => void;
  /** Switch over even where the log no longer holds all that is counted live. */
  readonly force: boolean;
  readonly signal: AbortSignal;
}

/** The new generation holds less than the live one, so it is not switched to. */
export class RebuildRefused extends Error {
  readonly code = 'rebuild-refused';
  readonly retryable = false;
}

export type RebuildOutcome = { readonly outcome: 'switched' } | { readonly outcome: 'stopped' };

/**
 * Folds the log into a generation of its own, beside the live one, until it has caught up; then compares the two and
 * switches over. Killed on the way it goes on where it was: until the switch nobody reads what it has made.
 * @throws RebuildRefused
 */
export async function rebuild(parts: RebuildParts): Promise<RebuildOutcome> {
  const forgotten = (await parts.copy?.()) ?? 0;
  if (parts.signal.aborted) return { outcome: 'stopped' };
  if (parts.archive !== undefined && !(await parts.archive())) return { outcome: 'stopped' };
  for (let round = 0; round < MAX_ROUNDS && (round === 0 || (await recordsBehind(parts)) > LEFT_RECORDS); round++) {
    await foldUntilCaughtUp(parts);
    if (parts.signal.aborted) return { outcome: 'stopped' };
    await parts.rollUp();
  }
  parts.onCompared(await compare(parts));
  if (!parts.force) await (parts.archive === undefined ? refuseLoss(parts, forgotten) : refuseLess(parts));
  if (parts.signal.aborted) return { outcome: 'stopped' };
  await parts.switchOver();
  return { outcome: 'switched' };
}

async function foldUntilCaughtUp(parts: RebuildParts): Promise<void> {
  const { log, limit, worker } = parts;
  const consumption = await log.consume(new BehindLive(worker, limit, log), 'rebuild');
  try {
    await Promise.race([untilCaughtUp(parts), consumption.failed]);
  } finally {
    await consumption.stop();
  }
}

/** A log to which nothing is added is followed to its end. */
async function untilCaughtUp(parts: RebuildParts): Promise<void> {
  for (let before: number | undefined; !parts.signal.aborted; await sleep(CHECK_INTERVAL_MS)) {
    const { done, of } = await progress(parts);
    // Nothing is counted live where Redis was lost; an archive may be ahead of one that went back in time.
    if (of > 0) parts.onProgress(Math.min(done, of), of);
    const busy = before !== undefined && before !== of;
    if (of - done <= (busy ? LEFT_RECORDS : 0)) return;
    before = of;
  }
}

async function recordsBehind(parts: RebuildParts): Promise<number> {
  const { done, of } = await progress(parts);
  return of - done;
}

/** Records counted in the new generation, and in the live one. */
async function progress({ log, limit, rebuilt }: RebuildParts): Promise<{ done: number; of: number }> {
  const reached = async (partition: PartitionId) => (await rebuilt.store.standing(partition)).position;
  const sum = async (position: Limit): Promise<number> => {
    const each = await Promise.all(log.partitions.map(position));
    return each.reduce((total, at) => total + log.distance(log.start, at ?? log.start), 0);
  };
  const [of, done] = await Promise.all([sum(limit), sum(reached)]);
  return { done, of };
}

async function compare({ live, rebuilt }: RebuildParts): Promise<Compared[]> {
  const [before, after] = await Promise.all([live.totals(), rebuilt.totals()]);
  return [...new Set([...before.keys(), ...after.keys()])]
    .sort()
    .map((what) => ({ what, live: before.get(what) ?? 0, rebuilt: after.get(what) ?? 0 }));
}

/** An archive that begins later than the live answers, or was off for a while, holds less. */
async function refuseLess({ live, rebuilt }: RebuildParts): Promise<void> {
  const [before, after] = await Promise.all([live.counted(), rebuilt.counted()]);
  if (after >= before) return;
  throw new RebuildRefused(
    `the archive and the log hold ${before - after} events less than the live answers have counted: switching over would lose them. ` +
      'Nothing was changed; `npm start -- rebuild --from archive --force` switches over all the same',
  );
}

/** What the log has forgotten and the live answers still hold would be lost. */
async function refuseLoss({ live, rebuilt }: RebuildParts, forgotten: number): Promise<void> {
  const [before, after] = await Promise.all([live.missing(), rebuilt.missing()]);
  const lost = Math.max(0, after + forgotten - before);
  if (lost === 0) return;
  throw new RebuildRefused(
    `the log no longer holds ${lost} records that the live answers have counted: switching over would lose them. ` +
      'Nothing was changed; `npm start -- rebuild --force` switches over all the same',
  );
}
