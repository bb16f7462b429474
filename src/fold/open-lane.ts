import { type PartitionId, partitionName } from '../events/partition.ts';
import type { Writes } from '../metrics/writes.ts';
import type { Calendar } from '../time/calendar.ts';
import type { CountedEvents } from './counted-events.ts';
import { Lane } from './lane.ts';
import { type FoldSettings, LIVE } from './settings.ts';
import type { LaneRead } from './state/lane-state.ts';
import type { Memory } from './state/memory.ts';
import { encodeLaneTime, type LaneTime } from './state/snapshot.ts';
import { laneTimes } from './state/state-families.ts';

export interface FoldContext {
  readonly partition: PartitionId;
  readonly partitions: number;
  readonly settings: FoldSettings;
  readonly calendar: Calendar;
  readonly memory: Memory;
  /** Is told of each event what became of it. */
  readonly counted?: CountedEvents | undefined;
}

export function openLane(
  name: string,
  read: LaneRead,
  untilMs: number,
  times: ReadonlyMap<string, LaneTime>,
  { partition, settings, calendar, memory, counted }: FoldContext,
  writes: Writes,
): Lane {
  return new Lane({
    name,
    partition,
    read,
    time: times.get(name),
    untilMs,
    settings,
    calendar,
    memory,
    writes,
    tellsOthers: name === LIVE && partition.topic === 'events',
    counted,
  });
}

export const dimensionsOf = (partition: PartitionId, lane: string): string => `${partitionName(partition)}:${lane}`;

export function saveLane(
  name: string,
  lane: Lane,
  time: LaneTime | undefined,
  { partition }: FoldContext,
  writes: Writes,
): void {
  lane.save(dimensionsOf(partition, name), name === LIVE);
  if (time !== undefined) writes.put(laneTimes, partitionName(partition), name, encodeLaneTime(time));
}
