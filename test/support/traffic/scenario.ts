import type { LogRecord } from '../../../src/ingestion/ports/event-log.ts';
import { Random } from '../../../src/simulator/random.ts';
import { record } from '../core/feed.ts';
import { HOUR, MIN, type OracleEvent } from '../oracle/events.ts';
import { Oracle } from '../oracle/oracle.ts';
import { hostileEvents, reportedAlike } from './hostile.ts';
import { openedInImport, rareCases, visitAgain } from './rare.ts';

const DAY = 24 * HOUR;

export interface Scenario {
  readonly oracle: Oracle;
  /** Records of each partition, by its name, in log order. */
  readonly logs: ReadonlyMap<string, LogRecord[]>;
}

/**
 * A log of several days up to this moment: hostile live events with every rare case among them, an import of older
 * history beside them that ends in the middle of it, and a busy last hour; and the plain count of the same.
 */
export function scenario(seed: number, count: number, partitions: number, nowMs: number): Scenario {
  const oracle = new Oracle(partitions);
  const logs = new Map<string, LogRecord[]>();
  const append = (name: string, value: unknown, arrivedAtMs: number, importId?: string): void => {
    const log = logs.get(name) ?? [];
    log.push(record(log.length, value, arrivedAtMs, importId));
    logs.set(name, log);
  };
  const put = (event: OracleEvent, arrived: number, importId?: string): void => {
    const inventory = event.item_id !== undefined;
    const topic = inventory ? 'inventory' : 'events';
    append(`${topic}-${oracle.partitionOf(event.item_id ?? event.user_id ?? '')}`, event, arrived, importId);
    oracle.one(event, arrived, importId);
  };
  let arrived = 0;
  const random = new Random(seed);
  for (const { event, importId, close } of mixed(oracle, seed, count, nowMs, random)) {
    if (event) {
      if (importId === undefined) arrived = Math.max(arrived, event.timestamp + 1_000);
      put(event, Math.max(arrived, event.timestamp), importId);
    }
    if (close === undefined) continue;
    for (let index = 0; index < partitions; index++) {
      append(`events-${index}`, { control: 'close' }, arrived, close);
      oracle.close(close, index, arrived);
    }
  }
  return { oracle, logs };
}

interface Step {
  readonly event?: OracleEvent;
  readonly importId?: string;
  readonly close?: string;
}

function mixed(oracle: Oracle, seed: number, count: number, nowMs: number, random: Random): Step[] {
  const start = Math.floor(nowMs / DAY) * DAY - 6 * DAY;
  const recentOnes = before(hostileEvents(Math.floor(count / 4), seed + 2, nowMs - 70 * MIN), nowMs - 1_000);
  const ofDays = before(hostileEvents(count, seed, start), nowMs - 5 * HOUR);
  const alike = reportedAlike([...ofDays, ...recentOnes]);
  const [hostile, recent] = [alike.slice(0, ofDays.length), alike.slice(ofDays.length)];
  const live = withRareCases(hostile, nowMs - 2 * DAY, oracle, random);
  // An import has its own time, so its users are its own here: what happens where they meet has tests of its own.
  const shopOnly = ({ item_id }: OracleEvent): boolean => item_id === undefined;
  const imported = hostileEvents(Math.floor(count / 3), seed + 1, start - DAY, 'imp').filter(shopOnly);
  const steps: Step[] = [];
  const old = before(imported, nowMs - 2 * HOUR);
  old.push(openedInImport(Math.max(...old.map(({ timestamp }) => timestamp))));
  let taken = 0;
  for (const event of live) {
    steps.push({ event });
    while (taken < old.length && random.chance(0.4)) steps.push({ event: old[taken++] ?? event, importId: 'imp-old' });
    if (taken === old.length && steps.at(-1)?.importId) steps.push({ close: 'imp-old' });
  }
  while (taken < old.length) steps.push({ event: old[taken++] ?? { name: 'x', timestamp: 0 }, importId: 'imp-old' });
  if (!steps.some(({ close }) => close)) steps.push({ close: 'imp-old' });
  return [...steps, ...[...recent, visitAgain(nowMs - 1_000)].map((event) => ({ event }))];
}

const before = (events: OracleEvent[], untilMs: number): OracleEvent[] =>
  events.filter(({ timestamp }) => timestamp < untilMs);

/** Each rare case at a place of its own, anywhere before a moment; what comes behind it comes that much later. */
function withRareCases(hostile: OracleEvent[], untilMs: number, oracle: Oracle, random: Random): OracleEvent[] {
  const end = hostile.findIndex(({ timestamp }) => timestamp >= untilMs);
  const places = end < 1 ? hostile.length : end;
  const planned = new Map<number, ((nowMs: number) => OracleEvent[])[]>();
  for (const rare of [...rareCases((user) => oracle.partitionOf(user)), (atMs: number) => [visitAgain(atMs)]]) {
    const place = random.below(places);
    planned.set(place, [...(planned.get(place) ?? []), rare]);
  }
  const events: OracleEvent[] = [];
  let [newest, laterMs] = [0, 0];
  for (const [place, event] of hostile.entries()) {
    const timestamp = event.timestamp + laterMs;
    events.push({ ...event, timestamp });
    newest = Math.max(newest, timestamp);
    for (const rare of planned.get(place) ?? []) {
      const added = rare(newest);
      events.push(...added);
      const ended = Math.max(...added.map((one) => one.timestamp));
      laterMs += ended - newest;
      newest = ended;
    }
  }
  return events;
}
