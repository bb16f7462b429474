import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '../runtime/private-dir.ts';
import type { ParquetWriter } from './parquet-writer.ts';
import { recover } from './waiting.ts';

/**
 * Writes the rows that processes which have ended have left waiting.
 * @param countedTo how far a partition of a log is counted: what was kept of records from there on was not
 */
export async function writeLeft(
  waitingDir: string,
  writer: ParquetWriter,
  countedTo: (log: string, partition: string) => Promise<number>,
): Promise<void> {
  await writer.clean();
  await writer.removeStale();
  for (const log of await dirsIn(waitingDir))
    for (const partition of await dirsIn(join(waitingDir, log))) {
      const dir = join(waitingDir, log, partition);
      const position = await countedTo(log, partition);
      for (const segment of await recover(dir, position, () => false, { partition, log })) await writer.write(segment);
    }
}

async function dirsIn(dir: string): Promise<string[]> {
  try {
    const entries = await readdir(dir, { withFileTypes: true });
    return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}
