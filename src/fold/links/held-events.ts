import { z } from 'zod';
import type { Interner } from '../../metrics/sums/interner.ts';
import type { Writes } from '../../metrics/writes.ts';
import type { Columns } from '../columns/columns.ts';
import { LINK_TIMEOUT_MS } from '../settings.ts';
import { heldEvents, linksDue } from '../state/state-families.ts';
import type { HeldRecord } from './held-record.ts';

/** So many events of a user may wait, and so many characters of all; what comes beyond that is counted at once. */
const MOST_EVENTS = 200;
const MOST_CHARACTERS = 8 * 1_048_576;

/** A user whose events wait until what was open of a guest has come. */
interface Waiting {
  readonly sinceMs: number;
  /** By guest. */
  readonly links: Map<string, string>;
  /** Events of earlier units. */
  readonly records: HeldRecord[];
}

const stored = z.tuple([
  z.number(),
  z.array(z.tuple([z.string(), z.string()])),
  z.array(z.tuple([z.string(), z.number(), z.string()])),
]);

/**
 * Events that wait until a guest's session and cart have come to their user, so that they are counted behind them. What lies where:
 * - `waiting`: by user, since which lane time, for which links, and the events of earlier units
 * - `parked`: by user, the rows into which these were read, since the unit may count them; `rows`: those of the unit itself
 * - `characters`: of all that wait; `sizes`: by row of the unit, how many of these are its own
 */
export class HeldEvents {
  isLoaded = false;
  private readonly waiting = new Map<number, Waiting>();
  private readonly parked = new Map<number, number[]>();
  private readonly rows = new Map<number, number[]>();
  private readonly changed = new Set<number>();
  private readonly sizes = new Map<number, number>();
  private readonly users: Interner;
  private characters = 0;

  constructor(users: Interner) {
    this.users = users;
  }

  load(fields: ReadonlyMap<string, string>): void {
    for (const [userId, text] of fields) {
      const [sinceMs, links, records] = stored.parse(JSON.parse(text));
      const held = records.map(([eventId, arrivedAtMs, raw]) => ({ eventId, arrivedAtMs, raw }));
      this.waiting.set(this.users.ofText(userId), { sinceMs, links: new Map(links), records: held });
      for (const { raw } of held) this.characters += raw.length;
    }
    this.isLoaded = true;
  }

  get isEmpty(): boolean {
    return this.waiting.size === 0;
  }

  has(user: number): boolean {
    return this.waiting.has(user);
  }

  recordsOf(user: number): readonly HeldRecord[] {
    return this.waiting.get(user)?.records ?? [];
  }

  /** A unit begins: nothing is read into its rows yet. */
  beginUnit(): void {
    this.parked.clear();
    this.rows.clear();
    this.sizes.clear();
  }

  isParked(user: number): boolean {
    return this.parked.has(user);
  }

  park(user: number, row: number): void {
    const rows = this.parked.get(user) ?? [];
    rows.push(row);
    this.parked.set(user, rows);
  }

  /** Guests, each with the link by which they are to come. */
  awaitedBy(user: number): readonly (readonly [guestId: string, link: string])[] {
    return [...(this.waiting.get(user)?.links ?? [])];
  }

  isAwaited(user: number, guestId: string): boolean {
    return this.waiting.get(user)?.links.has(guestId) ?? false;
  }

  /** The user's events wait for a link from here on. */
  await(user: number, guestId: string, link: string, nowMs: number): void {
    if (this.characters > MOST_CHARACTERS) return;
    const known = this.waiting.get(user) ?? { sinceMs: nowMs, links: new Map<string, string>(), records: [] };
    known.links.set(guestId, link);
    this.waiting.set(user, known);
    this.changed.add(user);
  }

  /** Do so many of the user's events wait that they are to be counted now? */
  isFull(user: number): boolean {
    return this.isFullWith(user, this.rows.get(user)?.length ?? 0, 0);
  }

  /** May that happen within the unit, which has so many more of them, and so many characters more of whomever? */
  isFullWith(user: number, rows: number, characters: number): boolean {
    return this.recordsOf(user).length + rows >= MOST_EVENTS || this.characters + characters > MOST_CHARACTERS;
  }

  /** The event waits with its user. */
  hold(user: number, row: number, characters: number): void {
    this.characters += characters;
    this.sizes.set(row, characters);
    const rows = this.rows.get(user) ?? [];
    rows.push(row);
    this.rows.set(user, rows);
    this.changed.add(user);
  }

  /** What was awaited has come. @returns whether the user waits for nothing else */
  arrived(user: number, guestId: string, link: string): boolean {
    const waiting = this.waiting.get(user);
    if (waiting?.links.get(guestId) !== link) return false;
    waiting.links.delete(guestId);
    this.changed.add(user);
    return waiting.links.size === 0;
  }

  /** The user waits no longer. @returns rows that are to be counted now */
  release(user: number): readonly number[] {
    const waiting = this.waiting.get(user);
    if (waiting === undefined) return [];
    const rows = [...(this.parked.get(user) ?? []), ...(this.rows.get(user) ?? [])];
    for (const { raw } of waiting.records) this.characters -= raw.length;
    for (const row of this.rows.get(user) ?? []) this.characters -= this.sizes.get(row) ?? 0;
    this.waiting.delete(user);
    this.parked.delete(user);
    this.rows.delete(user);
    this.changed.add(user);
    return rows;
  }

  save(writes: Writes, dimensions: string, columns: Columns): void {
    for (const user of this.changed) {
      const userId = this.users.text(user);
      const waiting = this.waiting.get(user);
      if (waiting === undefined) {
        writes.remove(heldEvents, dimensions, userId);
        writes.schedule(linksDue, dimensions, userId, undefined);
        continue;
      }
      for (const row of this.rows.get(user) ?? []) waiting.records.push(columns.recordOf(row));
      const records = waiting.records.map(({ eventId, arrivedAtMs, raw }) => [eventId, arrivedAtMs, raw]);
      const text = JSON.stringify([waiting.sinceMs, [...waiting.links], records]);
      writes.put(heldEvents, dimensions, userId, text);
      writes.schedule(linksDue, dimensions, userId, waiting.sinceMs + LINK_TIMEOUT_MS);
    }
    this.changed.clear();
    this.rows.clear();
  }
}
