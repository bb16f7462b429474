import type { LatestValue } from '../../../metrics/writes.ts';

const MS_DIGITS = 16;
const PARTITION_DIGITS = 5;
/** Of two stamps that begin alike so far, the one that is written later is the newer: it stands later in their partition. */
export const STAMP_LENGTH = MS_DIGITS + 1 + PARTITION_DIGITS;

/**
 * Stored so that plain string order is the order of (timestamp, partition). A log has an order within its partitions
 * alone: between them something else decides, and always the same.
 */
export function stampLatest({ atMs, value }: LatestValue, partition: number): string {
  return `${String(atMs).padStart(MS_DIGITS, '0')}|${String(partition).padStart(PARTITION_DIGITS, '0')}|${value}`;
}

/** The value behind a stamp. */
export function unstampLatest(stamped: string): string {
  return stamped.slice(STAMP_LENGTH + 1);
}
