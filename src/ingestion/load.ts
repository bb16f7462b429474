import { type PartitionId, partitionName } from '../events/partition.ts';
import type { LoadedLane } from '../fold/batch.ts';
import { cartField } from '../fold/carts/cart-message.ts';
import { liveNeedsAtClose } from '../fold/close.ts';
import type { Columns } from '../fold/columns/columns.ts';
import { lanesOf } from '../fold/erase.ts';
import type { Loaded } from '../fold/fold.ts';
import type { HeldEvents } from '../fold/links/held-events.ts';
import type { HeldRecord } from '../fold/links/held-record.ts';
import { daysNeeded, needsOf } from '../fold/needs.ts';
import { type FoldSettings, LIVE } from '../fold/settings.ts';
import { Memory } from '../fold/state/memory.ts';
import { decodeCart } from '../fold/state/records.ts';
import type { LaneSnapshot, LaneTime } from '../fold/state/snapshot.ts';
import { takesBack } from '../fold/taken-back/lane-name.ts';
import type { ListedCarts } from '../fold/taken-back/take-out.ts';
import type { Definition } from '../metrics/definition.ts';
import type { DictionarySettings } from '../metrics/sums/dictionaries.ts';
import type { Calendar } from '../time/calendar.ts';
import type { StateStore } from './ports/state-store.ts';

/** @returns whether the next row is filled */
export type ReadHeld = (record: HeldRecord) => boolean;

export interface LoaderParts extends DictionarySettings {
  readonly store: StateStore;
  readonly settings: FoldSettings;
  readonly definitions: readonly Definition[];
  readonly calendar: Calendar;
}

const NOTHING = Buffer.alloc(0);

/** Reads what a unit needs to know and its owner does not: one round trip for each lane. Keeps what owners know in memory. */
export class Loader {
  private readonly parts: LoaderParts;
  private readonly memories = new Map<string, Memory>();

  constructor(parts: LoaderParts) {
    this.parts = parts;
  }

  /** Whoever takes a partition's memory folds into it: it is kept again only when what came of that is stored. */
  take(partition: PartitionId): Memory {
    const name = partitionName(partition);
    const known = this.memories.get(name);
    this.memories.delete(name);
    if (known !== undefined && !known.isFull) return known;
    const { settings, definitions } = this.parts;
    return new Memory(settings, definitions, this.parts);
  }

  keep(partition: PartitionId, memory: Memory): void {
    memory.columns.clear();
    this.memories.set(partitionName(partition), memory);
  }

  /** Somebody else may have counted meanwhile. */
  invalidate(partition: PartitionId): void {
    this.memories.delete(partitionName(partition));
  }

  /**
   * @param memory what the owner knows; the unit lies in its columns. A closing or an erasure stands alone in it.
   * @param readHeld fills the columns' next row with an event that has waited
   */
  async load(
    partition: PartitionId,
    memory: Memory,
    times: ReadonlyMap<string, LaneTime>,
    readHeld: ReadHeld,
  ): Promise<Loaded> {
    const { columns } = memory;
    await this.parkHeld(partition, memory, readHeld);
    const alone = columns.rows === 1 ? columns.rare.get(0) : undefined;
    const [lane = LIVE] = columns.lanes;
    if (alone?.kind === 'erase') return this.erasure(partition, alone.userId, times);
    if (alone?.kind === 'close' && lane !== LIVE)
      return this.closing(partition, lane, columns.arrivedAtMs.at(0), memory, times);
    const needed = needsOf(memory, times);
    const days = daysNeeded(memory, this.parts.calendar);
    const guests = guestsWhoSignIn(columns);
    const { store } = this.parts;
    const [read, admitted, members, histories] = await Promise.all([
      store.read(
        partition,
        needed.map(({ needs }) => needs),
      ),
      days.length === 0 ? [] : store.readAdmitted(partition, days),
      days.length === 0 ? [] : store.readMembers(partition, days),
      guests.length === 0 ? undefined : store.readInteractions(partition, guests),
    ]);
    for (const [i, day] of days.entries()) {
      memory.admitted.load(day, admitted[i] ?? []);
      memory.members.load(day, members[i] ?? NOTHING);
    }
    const lanes = needed.flatMap((one, i): LoadedLane[] => {
      const snapshot = read[i];
      return snapshot === undefined ? [] : [{ ...one, snapshot, histories }];
    });
    return { kind: 'events', lanes };
  }

  /** What waits of users who may wait no longer is read into rows behind the unit's. */
  private async parkHeld(partition: PartitionId, memory: Memory, readHeld: ReadHeld): Promise<void> {
    const { columns } = memory;
    const { held } = memory.lane(LIVE);
    if (partition.topic !== 'events') return;
    if (!held.isLoaded) held.load(await this.parts.store.readHeld(partition));
    held.beginUnit();
    if (held.isEmpty) return;
    for (const [user, row] of waitingNoLonger(columns, held))
      for (const one of held.recordsOf(user))
        if (readHeld(one)) held.park(user, columns.addHeldRow(LIVE, columns.place.at(row), one.arrivedAtMs));
  }

  private async closing(
    partition: PartitionId,
    lane: string,
    arrivedAtMs: number,
    { sums: { dictionaries } }: Memory,
    times: ReadonlyMap<string, LaneTime>,
  ): Promise<Loaded> {
    const { store, settings } = this.parts;
    const closing = await store.readPart(partition, lane, times.get(lane)?.timeMs ?? 0);
    const needs = liveNeedsAtClose(closing, times.get(LIVE), arrivedAtMs, settings, dictionaries);
    const [snapshot] = await store.read(partition, [needs]);
    if (snapshot === undefined) throw new Error('the store answered for no lane');
    const listed = takesBack(lane) ? await this.listedOf(partition, closing.snapshot) : undefined;
    return { kind: 'close', lane, arrivedAtMs, closing, live: { needs, asked: [], snapshot }, listed };
  }

  /** What live events have made of carts that an import had left. */
  private async listedOf(partition: PartitionId, { carts }: LaneSnapshot): Promise<ListedCarts> {
    const { store, calendar } = this.parts;
    const asked = [...carts].map(([userId, text]) => {
      const { cartId, openedMs } = decodeCart(text);
      return { day: calendar.at(openedMs).day, field: cartField(userId, cartId) };
    });
    return asked.length === 0 ? new Map() : store.readCarts(partition, asked);
  }

  private async erasure(partition: PartitionId, userId: string, times: ReadonlyMap<string, LaneTime>): Promise<Loaded> {
    const { store } = this.parts;
    const ofUser = async (lane: string) =>
      [lane, await store.readUser(partition, lane, times.get(lane)?.timeMs ?? 0, userId)] as const;
    const snapshots = new Map(await Promise.all(lanesOf(times).map(ofUser)));
    return { kind: 'erase', userId, snapshots, listed: await store.readListed(partition, userId) };
  }
}

/** Users whose events may have waited long enough within the unit, each with a row that says so. */
function waitingNoLonger(columns: Columns, held: HeldEvents): ReadonlyMap<number, number> {
  const users = new Map<number, number>();
  const events = new Map<number, number>();
  for (let row = 0; row < columns.inOrder; row++) {
    const record = columns.rare.get(row);
    if (record?.kind === 'merge' || record?.kind === 'release')
      users.set(columns.dictionaries.users.ofText(record.userId), row);
    if (record !== undefined) continue;
    const user = columns.user.at(row);
    if (!held.has(user)) continue;
    const more = (events.get(user) ?? 0) + 1;
    events.set(user, more);
    if (held.isFullWith(user, more, columns.bytes)) users.set(user, row);
  }
  return users;
}

function guestsWhoSignIn({ rare }: Columns): string[] {
  const guests = new Set<string>();
  for (const record of rare.values()) if (record.kind === 'link') guests.add(record.guestId);
  return [...guests];
}
