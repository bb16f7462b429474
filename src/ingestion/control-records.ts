import type { PartitionId } from '../events/partition.ts';
import type { LogAppend } from './ports/event-log.ts';

/** Lane time has run on to this moment while nothing arrived. */
export function tickRecord(partition: PartitionId, atMs: number): LogAppend {
  return { partition, key: null, value: JSON.stringify({ control: 'tick', at: Math.floor(atMs) }) };
}

/** What is kept of this user goes, here and at every replay. */
export function eraseRecord(partition: PartitionId, userId: string): LogAppend {
  return { partition, key: null, value: JSON.stringify({ control: 'erase', user_id: userId }) };
}

/** An import is complete in this partition. */
export function closeRecord(partition: PartitionId, importId: string): LogAppend {
  return { partition, key: null, value: JSON.stringify({ control: 'close' }), importId };
}

/** So many clearing pushes, or events of bots, came: they are counted like events, where the log says so. */
export function countRecord(control: 'ignored' | 'bots', partition: PartitionId, count: number): LogAppend {
  return { partition, key: null, value: JSON.stringify({ control, count }) };
}

/** What waits of the user for a guest's session has waited for too long. */
export function releaseRecord(partition: PartitionId, userId: string): LogAppend {
  return { partition, key: userId, value: JSON.stringify({ control: 'release', user_id: userId, for: userId }) };
}
