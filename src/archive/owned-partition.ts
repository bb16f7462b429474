import type { Segment } from './parquet-writer.ts';
import type { WaitingFile } from './waiting.ts';

/** A partition that this process counts, as its rows wait. */
export interface OwnedPartition {
  readonly name: string;
  readonly dir: string;
  /** Rows before this place wait in files that are closed, or are written. */
  archivedTo: number;
  /** Where this process began to count it. */
  since: number;
  open: WaitingFile | undefined;
  /** Files are closed one behind the other, so that they are written in their order. */
  closing: Promise<void>;
}

export const ownedPartition = (name: string, dir: string): OwnedPartition => ({
  name,
  dir,
  archivedTo: 0,
  since: 0,
  open: undefined,
  closing: Promise.resolve(),
});

/**
 * Closes the file that rows are added to, behind others that are being closed. While nobody knows whether its last unit is committed it stays
 * open.
 */
export function closeOpenFile(own: OwnedPartition, log: string, take: (segment: Segment) => void): Promise<void> {
  const closing = own.closing.then(async () => {
    const { open } = own;
    if (open === undefined || open.isInDoubt) return;
    own.open = undefined;
    // What is kept meanwhile begins behind it.
    own.archivedTo = Math.max(own.archivedTo, open.to);
    const segment = await open.close({ partition: own.name, log });
    if (segment !== undefined) take(segment);
  });
  own.closing = closing.catch(() => undefined);
  return closing;
}
