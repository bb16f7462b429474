import type { LogAppend, PartitionId } from './ports.ts';

/** Lane time has run on to this moment while nothing arrived. */
export function tickRecord(partition: PartitionId, atMs: number): LogAppend {
  return { partition, key: null, value: JSON.stringify({ control: 'tick', at: Math.floor(atMs) }) };
}

/** An import is complete in this partition. */
export function closeRecord(partition: PartitionId, importId: string): LogAppend {
  return { partition, key: null, value: JSON.stringify({ control: 'close' }), importId };
}
