import { parsedJson } from '../../events/json-text.ts';
import { type PartitionId, partitionName } from '../../events/partition.ts';
import { takingBackLane } from '../../fold/taken-back/lane-name.ts';
import { closeRecord } from '../../ingestion/control-records.ts';
import type { EventLog, LogAppend, LogRecord } from '../../ingestion/ports/event-log.ts';
import { isRetryable } from '../../runtime/errors.ts';
import { backoff, retry } from '../../runtime/retry.ts';
import type { Places, TakeBackJob } from './ports.ts';

/** Records appended at a time, and their bytes as the log reckons them: those of a partition go in one request. */
const CHUNK = 1_000;
const CHUNK_BYTES = 400_000;
const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 10_000;

/** The log has forgotten records of it. */
export class ImportForgotten extends Error {
  readonly code = 'import-forgotten';
  readonly retryable = false;
}

/** The log has not acknowledged all that it was given. */
class NotTaken extends Error {
  readonly code = 'not-taken';
  readonly retryable = true;
}

export interface TakeBackParts {
  readonly log: EventLog;
  readonly importId: string;
  /** Is it still this process's? Asked before each append. @throws where that can't be known */
  readonly isHeld: () => Promise<boolean>;
  readonly save: (job: TakeBackJob) => Promise<void>;
  readonly signal: AbortSignal;
}

interface ToTakeBack {
  readonly partition: PartitionId;
  readonly record: LogRecord;
}

/**
 * Appends an import's records once more, those of each partition in their order, for the lane that takes it back; then that lane's closing.
 * Whoever goes on after another finds in the log what is done.
 */
export class TakeBack {
  private readonly parts: TakeBackParts;
  private readonly lane: string;

  constructor(parts: TakeBackParts) {
    this.parts = parts;
    this.lane = takingBackLane(parts.importId);
  }

  /**
   * @param least so many events the log must still hold
   * @returns where the log ended when all of it was in; undefined where it was told to stop, or another process has it
   * @throws ImportForgotten
   */
  async run(begun: TakeBackJob, least: number): Promise<Places | undefined> {
    const { log, signal } = this.parts;
    const job = begun.until === undefined ? await this.survey(begun, least) : begun;
    if (job === undefined || job.until === undefined || !(await this.append(job, job.until)) || signal.aborted)
      return undefined;
    if (!(await this.toAll(this.lane))) return undefined;
    return log.ends();
  }

  /** Its lane closes where it has not, and what is to be taken back is counted. @throws ImportForgotten where that is less than there was */
  private async survey(job: TakeBackJob, least: number): Promise<TakeBackJob | undefined> {
    const { log, importId, signal, save } = this.parts;
    if (!(await this.toAll(importId))) return undefined;
    const until = await log.ends();
    const from = job.from ?? (await log.begins());
    let of = 0;
    let events = 0;
    for await (const { record } of log.replay(from, until)) {
      if (signal.aborted) return undefined;
      if (record.importId !== importId) continue;
      of += 1;
      if (!isControl(record)) events += 1;
    }
    if (events < least)
      throw new ImportForgotten(
        `the log still holds ${events} of its ${least} events: it can't be taken back any more`,
      );
    const surveyed = { from, until, since: until, done: 0, of };
    await save(surveyed);
    return surveyed;
  }

  /** @returns whether all is in the log */
  private async append(job: TakeBackJob, until: Places): Promise<boolean> {
    const { log, importId, signal } = this.parts;
    const ends = await log.ends();
    const run = new Run(job, await this.inLog(job.since ?? until, ends), ends);
    let chunk: ToTakeBack[] = [];
    let bytes = 0;
    for await (const { partition, record } of log.replay(job.from ?? new Map(), until)) {
      if (signal.aborted) return false;
      if (record.importId !== importId || run.isDone(partition, record)) continue;
      chunk.push({ partition, record });
      bytes += 3 * (record.value?.byteLength ?? 0) + 100;
      if (chunk.length < CHUNK && bytes < CHUNK_BYTES) continue;
      if (!(await this.flush(chunk, run))) return false;
      chunk = [];
      bytes = 0;
    }
    if (!(await this.flush(chunk, run))) return false;
    if (run.done < (job.of ?? 0))
      throw new ImportForgotten(
        'the log has forgotten records of it while it was taken back, so that a part of it is: `npm start -- rebuild` counts anew',
      );
    return true;
  }

  private async flush(chunk: readonly ToTakeBack[], run: Run): Promise<boolean> {
    const { log, save } = this.parts;
    if (!(await this.appendAll(chunk, run.since))) return false;
    await save(run.advance(chunk, await log.ends()));
    return true;
  }

  /** Of what was not acknowledged some may have been taken: the log is looked at. @param since where the log ended before them */
  private appendAll(chunk: readonly ToTakeBack[], since: Places): Promise<boolean> {
    const { log } = this.parts;
    let tried = false;
    return this.untilTaken(async () => {
      const taken = tried ? await this.inLog(since, await log.ends()) : new Map<string, number>();
      tried = true;
      return chunk.filter(({ partition }) => !takeOne(taken, partitionName(partition))).map((one) => this.again(one));
    });
  }

  private again({ partition, record: { key, value } }: ToTakeBack): LogAppend {
    return { partition, key, value: Buffer.from(value ?? []).toString('utf8'), importId: this.lane };
  }

  private async toAll(lane: string): Promise<boolean> {
    const { log } = this.parts;
    return this.untilTaken(async () => log.partitions.map((partition) => closeRecord(partition, lane)));
  }

  /** Goes on until the log has taken what is made anew for each try. @returns false where it was told to stop, or another process has it */
  private async untilTaken(make: () => Promise<LogAppend[]>): Promise<boolean> {
    const { log, signal, isHeld } = this.parts;
    const done = await retry(
      async () => {
        const records = await make();
        if (!(await isHeld())) return false;
        const outcomes = await log.append(records);
        if (outcomes.some(({ outcome }) => outcome === 'failed')) throw new NotTaken('the log has not taken all of it');
        return true;
      },
      {
        waitMs: (failures) => backoff(failures, { firstMs: FIRST_WAIT_MS, longestMs: LONGEST_WAIT_MS }),
        isWorthIt: isRetryable,
        signal,
      },
    );
    return done === true;
  }

  /** How many records between these places take it back, by partition. */
  private async inLog(since: Places, until: Places): Promise<Map<string, number>> {
    const found = new Map<string, number>();
    for await (const { partition, record } of this.parts.log.replay(since, until)) {
      const name = partitionName(partition);
      if (record.importId === this.lane) found.set(name, (found.get(name) ?? 0) + 1);
    }
    return found;
  }
}

/** How far one process has come. */
class Run {
  from: Places;
  /** Where the log ended before the next chunk. */
  since: Places;
  done: number;
  private readonly job: TakeBackJob;
  private readonly inLog: Map<string, number>;

  /** @param inLog how many records another process has appended up to `since`, by partition: the first behind `from` */
  constructor(job: TakeBackJob, inLog: Map<string, number>, since: Places) {
    this.job = job;
    this.inLog = inLog;
    this.from = job.from ?? new Map();
    this.since = since;
    this.done = job.done;
  }

  isDone(partition: PartitionId, { next }: LogRecord): boolean {
    const name = partitionName(partition);
    if (!takeOne(this.inLog, name)) return false;
    this.done += 1;
    this.from = new Map(this.from).set(name, next);
    return true;
  }

  /** @param ends of the log, with the chunk in it */
  advance(chunk: readonly ToTakeBack[], ends: Places): TakeBackJob {
    const from = new Map(this.from);
    for (const { partition, record } of chunk) from.set(partitionName(partition), record.next);
    this.from = from;
    this.since = ends;
    this.done += chunk.length;
    return { ...this.job, from, since: ends, done: this.done };
  }
}

/** Takes one off where there is one. */
function takeOne(counts: Map<string, number>, name: string): boolean {
  const left = counts.get(name) ?? 0;
  if (left > 0) counts.set(name, left - 1);
  return left > 0;
}

/** It is no event, but says something about the lane. */
function isControl({ value }: LogRecord): boolean {
  const parsed = parsedJson(Buffer.from(value ?? []).toString('utf8'));
  return typeof parsed === 'object' && parsed !== null && 'control' in parsed;
}
