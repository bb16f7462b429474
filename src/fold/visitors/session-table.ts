import { FunnelProgress } from '../../analytics/funnel/progress-columns.ts';
import { NO_VALUE } from '../../metrics/sums/dimension-values.ts';
import { FlagColumn, IdColumn, NumberColumn } from '../columns/column.ts';
import type { PendingSearch, SessionState } from './session-state.ts';

export const NEW_USER = 1;
export const BOUGHT = 2;
export const ACTED = 4;
export const OF_IMPORT = 8;
export const TAKEN_BACK = 16;

const NONE: readonly never[] = [];
/** So many different searches of a session may wait for a click: whoever searches on and on fills no memory. */
const MAX_PENDING_SEARCHES = 20;
/** So many of its orders are told apart; with more it stays a session with an order, whatever is taken back. */
const MAX_BOUGHT = 20;
const MORE = '';

/**
 * A lane's sessions, each under a number that is used again when the session is not needed any more. What lies where, by number:
 * - `firstMs`: timestamp of its first event; `lastMs` that of the last one in the log's order, `newestMs` the greatest
 * - `laneMs`: lane time at its last event
 * - `dimensions`: its dimension values as a combination; `countsAs`: the combination as which it counts, where some are beyond their cap;
 *   `named`: a bit for each dimension whose value an event of it has named
 * - `flags`: NEW_USER where it is its user's first for thirty days, BOUGHT where it has an order, ACTED where its first event was no page
 *   or item view, OF_IMPORT where the closing of an import has brought it,
 *   TAKEN_BACK where a report of an order that it had was taken back
 * - `events`: how many it has; `progress`: how far it has come in each funnel
 * - `bought`: the reports of orders that it has, by their hashes
 * - `searches`: those that no view_item has followed yet; most have none
 */
export class SessionTable {
  readonly firstMs = new NumberColumn();
  readonly lastMs = new NumberColumn();
  readonly newestMs = new NumberColumn();
  readonly laneMs = new NumberColumn();
  readonly dimensions = new IdColumn();
  readonly countsAs = new IdColumn();
  readonly named = new IdColumn();
  readonly flags = new FlagColumn();
  readonly events = new IdColumn();
  readonly progress: FunnelProgress;
  private readonly searches = new Map<number, PendingSearch[]>();
  private readonly bought = new Map<number, readonly string[]>();
  private readonly free: number[] = [];
  private count = 0;

  constructor(funnels: number) {
    this.progress = new FunnelProgress(funnels);
  }

  begin(timestampMs: number, nowMs: number): number {
    const session = this.free.pop() ?? this.count++;
    this.firstMs.set(session, timestampMs);
    this.lastMs.set(session, timestampMs);
    this.newestMs.set(session, timestampMs);
    this.laneMs.set(session, nowMs);
    this.dimensions.set(session, NO_VALUE);
    this.countsAs.set(session, NO_VALUE);
    this.named.set(session, 0);
    this.flags.remove(session, NEW_USER | BOUGHT | ACTED | OF_IMPORT | TAKEN_BACK);
    this.events.set(session, 0);
    this.progress.begin(session);
    return session;
  }

  /** Takes in one that was stored. */
  put(state: SessionState): number {
    const session = this.begin(state.firstMs, state.laneMs);
    this.dimensions.set(session, state.dimensions);
    this.countsAs.set(session, state.countsAs);
    this.named.set(session, state.named);
    this.flags.add(session, state.flags);
    this.lastMs.set(session, state.lastMs);
    this.newestMs.set(session, state.newestMs);
    this.events.set(session, state.events);
    for (let i = 0; i < this.progress.funnels; i++)
      this.progress.set(session, i, state.progress[i] ?? 0, state.reachedAfterMs[i] ?? 0);
    if (state.searches.length > 0) this.searches.set(session, state.searches);
    if (state.bought.length > 0) this.bought.set(session, state.bought);
    return session;
  }

  /** Its number may be another's from now on. */
  release(session: number): void {
    this.searches.delete(session);
    this.bought.delete(session);
    this.free.push(session);
  }

  addEvent(session: number, timestampMs: number, nowMs: number): void {
    this.lastMs.set(session, timestampMs);
    if (timestampMs > this.newestMs.at(session)) this.newestMs.set(session, timestampMs);
    this.laneMs.set(session, nowMs);
    this.events.set(session, this.events.at(session) + 1);
  }

  /** What another has joins it. */
  join(session: number, other: number): void {
    const { firstMs, lastMs, newestMs, laneMs, progress } = this;
    const behindMs = firstMs.at(other) - firstMs.at(session);
    if (newestMs.at(other) >= newestMs.at(session)) lastMs.set(session, lastMs.at(other));
    newestMs.set(session, Math.max(newestMs.at(session), newestMs.at(other)));
    laneMs.set(session, Math.max(laneMs.at(session), laneMs.at(other)));
    this.events.set(session, this.events.at(session) + this.events.at(other));
    this.flags.add(session, this.flags.of(other) & (BOUGHT | NEW_USER | TAKEN_BACK));
    for (const report of this.boughtIn(other)) this.noteBought(session, report);
    for (let i = 0; i < progress.funnels; i++)
      if (progress.stagesOf(other, i) > progress.stagesOf(session, i))
        progress.set(session, i, progress.stagesOf(other, i), progress.afterMsOf(other, i) + behindMs);
    for (const [term, atMs, count] of this.pendingSearches(other))
      for (let i = 0; i < count; i++) this.noteSearch(session, term, atMs);
  }

  /** Has it one page or item view, and nothing else? */
  isBounce(session: number): boolean {
    return this.events.at(session) === 1 && !this.flags.has(session, ACTED);
  }

  boughtIn(session: number): readonly string[] {
    return this.bought.get(session) ?? NONE;
  }

  noteBought(session: number, report: string): void {
    const known = this.boughtIn(session);
    if (known.includes(report)) return;
    const isTooMany = known.length >= MAX_BOUGHT || report === MORE;
    if (!isTooMany) this.bought.set(session, [...known, report]);
    else if (!known.includes(MORE)) this.bought.set(session, [...known, MORE]);
  }

  /** @returns whether it is left without any */
  takeBought(session: number, report: string): boolean {
    const known = this.boughtIn(session);
    if (!known.includes(report)) return false;
    const rest = known.filter((one) => one !== report);
    this.bought.set(session, rest);
    return rest.length === 0;
  }

  /** From its first event to the last in the log's order. */
  durationMs(session: number): number {
    return Math.max(0, this.lastMs.at(session) - this.firstMs.at(session));
  }

  noteSearch(session: number, term: number, atMs: number): void {
    const searches = this.searches.get(session) ?? [];
    // What counts in the same quarter of an hour is one entry, so that the same term again and again does not pile up.
    const known = searches.find(([of, ms]) => of === term && sameQuarter(ms, atMs));
    if (known) known[2] += 1;
    else if (searches.length < MAX_PENDING_SEARCHES) searches.push([term, atMs, 1]);
    this.searches.set(session, searches);
  }

  pendingSearches(session: number): readonly PendingSearch[] {
    return this.searches.get(session) ?? NONE;
  }

  /** A view_item follows the searches that waited; they wait no longer. */
  takeSearches(session: number): readonly PendingSearch[] {
    const followed = this.searches.get(session);
    if (followed === undefined) return NONE;
    this.searches.delete(session);
    return followed;
  }
}

const sameQuarter = (a: number, b: number): boolean => Math.floor(a / 900_000) === Math.floor(b / 900_000);
