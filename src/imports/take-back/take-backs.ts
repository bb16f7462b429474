import { partitionName } from '../../events/partition.ts';
import type { EventLog } from '../../ingestion/ports/event-log.ts';
import { messageOf } from '../../runtime/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { ImportEntry } from '../import-journal.ts';
import type { Counting, KnownImport, Places, TakeBackStore } from './ports.ts';
import { ImportForgotten, TakeBack } from './take-back.ts';

/** How often it is looked for those that no process goes on with. */
const LOOK_MS = 5_000;
const DAY_MS = 86_400_000;

export type TakeBackOutcome =
  | { readonly outcome: 'taken-up'; readonly entry: ImportEntry }
  | { readonly outcome: 'unknown' }
  | { readonly outcome: 'under-way' }
  | { readonly outcome: 'forgotten'; readonly reason: string };

export interface TakeBacksParts {
  readonly log: EventLog;
  readonly store: TakeBackStore;
  /** So long days are answered: what was counted before has gone by itself. */
  readonly dailyDays: number;
  readonly counting: Counting;
  readonly now: () => number;
  readonly logger: Logger;
  readonly lookMs?: number;
}

/** Takes imports back: where a process ends on the way, another goes on. */
export class TakeBacks {
  private readonly parts: TakeBacksParts;
  private readonly running = new Map<string, Promise<void>>();
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | undefined;

  constructor(parts: TakeBacksParts) {
    this.parts = parts;
  }

  start(): void {
    this.timer ??= setInterval(() => void this.look().catch(() => undefined), this.parts.lookMs ?? LOOK_MS).unref();
    void this.look().catch(() => undefined);
  }

  /** Ends behind the records that are being appended. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.stopping.abort();
    await Promise.all(this.running.values());
  }

  /** Begins to take an import back, unless that is done or under way. */
  async ask(importId: string): Promise<TakeBackOutcome> {
    const { store } = this.parts;
    const known = await store.known(importId);
    if (known === undefined) return { outcome: 'unknown' };
    const { entry } = known;
    if (entry.state === 'taken-back' || entry.state === 'taking-back') return { outcome: 'taken-up', entry };
    if (entry.state === 'running') return { outcome: 'under-way' };
    const from = this.isOfLog(known.from) ? known.from : undefined;
    const reason = this.whyOver(entry) ?? this.whyOther(known) ?? (from && (await this.whyForgotten(from)));
    if (reason !== undefined) return { outcome: 'forgotten', reason };
    const begun = await store.begin(importId, { from, until: undefined, since: undefined, done: 0, of: undefined });
    if (!begun) return { outcome: 'under-way' };
    this.goOn(importId);
    return { outcome: 'taken-up', entry: (await store.known(importId))?.entry ?? entry };
  }

  /** Goes on with those that nobody is at. */
  async look(): Promise<void> {
    for (const importId of await this.parts.store.underWay()) this.goOn(importId);
  }

  private goOn(importId: string): void {
    if (this.running.has(importId) || this.stopping.signal.aborted) return;
    const run = this.run(importId)
      .catch((error: unknown) => {
        this.parts.logger.warn({ importId, reason: messageOf(error) }, 'taking an import back goes on later');
      })
      .finally(() => this.running.delete(importId));
    this.running.set(importId, run);
  }

  private async run(importId: string): Promise<void> {
    const { log, store } = this.parts;
    const lease = store.lease(importId);
    if (!(await lease.take())) return;
    try {
      const [job, known] = await Promise.all([store.find(importId), store.known(importId)]);
      if (job === undefined) return;
      const signal = AbortSignal.any([this.stopping.signal, lease.keep()]);
      const isHeld = (): Promise<boolean> => lease.take();
      const takeBack = new TakeBack({ log, importId, isHeld, save: (now) => store.save(importId, now), signal });
      const ends = await takeBack.run(job, known?.entry.report?.events ?? 0);
      if (ends !== undefined) await store.end(importId, ends);
    } catch (error) {
      if (!(error instanceof ImportForgotten)) throw error;
      await store.giveUp(importId, error.message);
    } finally {
      await lease.release();
    }
  }

  /** A log of other partitions is a copy, in which everything lies elsewhere: it is read from its beginning. */
  private isOfLog(from: Places | undefined): boolean {
    const { partitions } = this.parts.log;
    return (
      from !== undefined && partitions.length === from.size && partitions.every((one) => from.has(partitionName(one)))
    );
  }

  private whyOver({ finished_at, started_at }: ImportEntry): string | undefined {
    const { now, dailyDays } = this.parts;
    const isOver = now() - Date.parse(finished_at ?? started_at) > dailyDays * DAY_MS;
    return isOver ? 'its days are kept no longer, and go by themselves' : undefined;
  }

  /** What was added since would be taken off where it was never counted; a rebuild counts it. */
  private whyOther({ counting }: KnownImport): string | undefined {
    const { generation, names } = this.parts.counting;
    const isSame = counting?.generation !== generation || counting.names.join() === names.join();
    return isSame
      ? undefined
      : 'funnels or dimensions were added since it was counted: rebuild first, then take it back';
  }

  private async whyForgotten(from: Places): Promise<string | undefined> {
    const { log } = this.parts;
    const begins = await log.begins();
    const isForgotten = [...from].some(([name, at]) => log.distance(at, begins.get(name) ?? at) > 0);
    return isForgotten ? 'the log no longer holds its records' : undefined;
  }
}
