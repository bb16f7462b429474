import type { ControlRecord, InventoryEvent } from '../../events/event.ts';
import { MOST_BEHIND_MS } from '../settings.ts';

/** To which lane time moves on with a record that is no shop event, if it is not there yet; undefined where the record says nothing of time. */
export function momentOfRecord(record: InventoryEvent | ControlRecord): number | undefined {
  if (record.kind === 'tick') return record.atMs;
  if (record.kind === 'inventory') return record.timestampMs;
  return 'saidMs' in record && record.saidMs !== undefined ? record.saidMs - MOST_BEHIND_MS : undefined;
}
