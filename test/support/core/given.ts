import { definitions } from '../../../src/analytics/index.ts';
import type { ControlRecord, InventoryEvent, Item, LogEvent, ShopEvent } from '../../../src/events/event.ts';
import type { PartitionId } from '../../../src/events/partition.ts';
import { parseControl } from '../../../src/events/validation/control.ts';
import { fold } from '../../../src/fold/fold.ts';
import { parseOutgoing } from '../../../src/fold/links/outgoing.ts';
import { type FoldSettings, LIVE } from '../../../src/fold/settings.ts';
import { plansOf } from '../../../src/fold/state/bucket-plans.ts';
import { recordOutbox } from '../../../src/fold/state/state-families.ts';
import { takingBackLane } from '../../../src/fold/taken-back/lane-name.ts';
import { Loader } from '../../../src/ingestion/load.ts';
import type { Position } from '../../../src/ingestion/ports/event-log.ts';
import { MEMBER_CAPS, type MemberCaps } from '../../../src/metrics/members.ts';
import type { Writes } from '../../../src/metrics/writes.ts';
import { Calendar } from '../../../src/time/calendar.ts';
import { MemoryStateStore } from '../fakes/state-store.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { SETTINGS } from './settings.ts';

/** A record of the log, parsed. */
export interface Logged {
  readonly event: LogEvent;
  readonly importId: string | undefined;
  readonly arrivedAtMs: number;
}

export const MIN = 60_000;
export const HOUR = 60 * MIN;

/** `10:00` and `10:00:05` are on one and the same Friday, `2026-11-21T10:00` is wherever it says; UTC. */
export function moment(time: string): number {
  return Date.parse(`${time.includes('T') ? time : `2026-11-20T${time}`}Z`);
}

let ids = 0;

type Given = Partial<ShopEvent> & {
  readonly city?: string | undefined;
  readonly country?: string | undefined;
  readonly device?: string | undefined;
  readonly channel?: string | undefined;
};

/** A shop event of ann in Oslo, paid in USD, that arrives when it happens; it has an id of its own. */
export function event(time: string, name: string, given: Given = {}): Logged {
  const { city, country, device, channel, ...fields } = { city: 'Oslo', ...given };
  const timestampMs = moment(time);
  const shopEvent: ShopEvent = {
    kind: 'shop',
    eventId: `e${++ids}`,
    name,
    timestampMs,
    userId: 'ann',
    sessionId: undefined,
    values: [city, country, device, channel],
    currency: 'USD',
    value: undefined,
    items: [],
    transactionId: undefined,
    paymentType: undefined,
    searchTerm: '',
    resultsCount: undefined,
    ...fields,
  };
  return { event: shopEvent, importId: undefined, arrivedAtMs: timestampMs };
}

export function inventoryEvent(time: string, name: InventoryEvent['name'], fields: Partial<InventoryEvent>): Logged {
  const timestampMs = moment(time);
  const base = { eventId: `e${++ids}`, itemId: 'mug', stockLevel: undefined, price: undefined, currency: 'USD' };
  return {
    event: { kind: 'inventory', name, timestampMs, ...base, ...fields },
    importId: undefined,
    arrivedAtMs: timestampMs,
  };
}

export function item(itemId: string, price = 0, quantity = 1): Item {
  return { itemId, itemName: undefined, price, quantity };
}

function control(record: ControlRecord, time: string, importId?: string): Logged {
  return { event: record, importId, arrivedAtMs: moment(time) };
}

/** Lane time has run on. */
export const tick = (time: string): Logged => control({ kind: 'tick', atMs: moment(time) }, time);
export const erase = (userId: string, time = '23:00'): Logged => control({ kind: 'erase', userId }, time);
/** @param time when the closing arrived: the live lane's time where that has none yet */
export const close = (importId: string, time = '23:00'): Logged => control({ kind: 'close' }, time, importId);
/** What takes an import back: its records once more, and its closing. */
export const takenBack = (importId: string, logged: readonly Logged[], time = '23:30'): Logged[] => [
  ...logged.filter((one) => one.importId === importId).map((one) => ({ ...one, importId: takingBackLane(importId) })),
  close(takingBackLane(importId), time),
];
export const imported = (importId: string, logged: Logged): Logged => ({ ...logged, importId });
export const arriving = (time: string, logged: Logged): Logged => ({ ...logged, arrivedAtMs: moment(time) });
/** The same record once more, as a producer that is not sure sends it. */
export const again = (logged: Logged, time: string): Logged =>
  'timestampMs' in logged.event ? { ...logged, event: { ...logged.event, timestampMs: moment(time) } } : logged;

export interface ShopOptions {
  readonly settings?: Partial<FoldSettings>;
  readonly timezone?: string;
  readonly partitions?: number;
  readonly memberCaps?: MemberCaps;
}

/** Records for other partitions that a unit has left. */
function saidBy({ queued }: Writes, arrivedAtMs: number): Logged[] {
  const texts = [...(queued.get(recordOutbox)?.values() ?? [])].flat();
  return texts.map((text) => {
    const parsed = parseControl(JSON.parse(parseOutgoing(text).value), {
      arrivedAtMs,
      isLive: true,
      storeCurrency: 'USD',
    });
    if (parsed.outcome === 'rejected') throw new Error(`${parsed.path}: ${parsed.message}`);
    return { event: parsed.event, importId: undefined, arrivedAtMs };
  });
}

/** A shop whose log is folded record by record, without a server: what one step wrote is what the next one reads. */
class FoldedShop {
  private readonly settings: FoldSettings;
  private readonly calendar: Calendar;
  private readonly partitions: number;
  private readonly store: MemoryStateStore;
  private readonly events = new Map<string, ShopEvent>();
  private readonly memberCaps: MemberCaps;

  constructor({ settings = {}, timezone = 'UTC', partitions = 1, memberCaps = MEMBER_CAPS }: ShopOptions) {
    this.memberCaps = memberCaps;
    this.settings = { ...SETTINGS, ...settings };
    this.calendar = new Calendar(timezone);
    this.partitions = partitions;
    this.store = new MemoryStateStore(plansOf(this.settings));
  }

  /** What partitions tell each other joins the log at once, behind the record that says why. */
  async fold(logged: readonly Logged[]): Promise<Outcome> {
    const writes: Writes[] = [];
    const tallies: Record<string, number> = {};
    const waiting = [...logged];
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
      const folded = await this.foldOne(one);
      writes.push(folded.writes);
      waiting.unshift(...saidBy(folded.writes, one.arrivedAtMs));
      for (const [name, n] of Object.entries(folded.tallies)) tallies[name] = (tallies[name] ?? 0) + n;
    }
    return outcomeOf(writes, tallies, this.store.contents);
  }

  private async foldOne({ event, importId, arrivedAtMs }: Logged) {
    const partition: PartitionId = { topic: event.kind === 'inventory' ? 'inventory' : 'events', index: 0 };
    const { epoch, position, lanes } = await this.store.claim(partition);
    const loader = new Loader({
      memberCaps: this.memberCaps,
      store: this.store,
      settings: this.settings,
      definitions,
      calendar: this.calendar,
    });
    const memory = loader.take(partition);
    if (event.kind === 'shop') {
      this.events.set(event.eventId, event);
      memory.columns.setEvent(event);
    } else memory.columns.setRare(event);
    memory.columns.addRow(importId ?? LIVE, 0, arrivedAtMs);
    const loaded = await loader.load(partition, memory, lanes, ({ eventId }) => {
      const held = this.events.get(eventId);
      if (held !== undefined) memory.columns.setEvent(held);
      return held !== undefined;
    });
    const { settings, calendar, partitions } = this;
    const folded = fold(loaded, lanes, { partition, partitions, settings, calendar, memory });
    await this.store.commit({
      partition,
      epoch,
      expected: position,
      target: String(Number(position ?? 0) + 1) as Position,
      arrivedAtMs,
      writes: folded.writes,
      tallies: folded.tallies,
      deadLetters: [],
      erased: event.kind === 'erase' ? event.userId : undefined,
    });
    return folded;
  }
}

export interface Specification {
  /** What comes next, and what is asked about. */
  when(...logged: Logged[]): Promise<Outcome>;
}

/** What the log held before, in a shop with settings of its own. */
export function givenIn(options: ShopOptions, ...logged: Logged[]): Specification {
  return {
    async when(...next) {
      const shop = new FoldedShop(options);
      await shop.fold(logged);
      return shop.fold(next);
    },
  };
}

/** What the log held before: given events, when others come, then these counts and messages. */
export const given = (...logged: Logged[]): Specification => givenIn({}, ...logged);
export const nothing = given();
