import { type ArchiveFile, groupedBy, type Held, placeOf } from '../files.ts';
import { archived } from '../sql.ts';
import { type Range, runsOf } from './ranges.ts';
import type { TableFiles } from './table-files.ts';

export interface Merging {
  /** Files of dates before it are merged always, others where they are many. */
  readonly today: string;
  readonly isEnough: () => boolean;
  /** Of which partitions this process merges the files. */
  readonly isOurs: (partition: string) => boolean;
  readonly onReached: ((point: 'merged' | 'parts-removed') => void) | undefined;
}

/** Of a day that goes on. */
const MANY_FILES = 60;
/** So often files are merged while others write them anew. */
const MOST_PASSES = 10;

/** Events, and records that are none: files of those say what is written. */
type Tables = readonly [events: TableFiles, control: TableFiles];

/**
 * Merges the files of each date and partition. Only what lies without a gap becomes one: into a gap somebody may still write, and what is
 * written there would be taken for a part that was merged.
 */
export async function mergeAll(tables: Tables, merging: Merging): Promise<void> {
  const { today, isEnough, isOurs } = merging;
  await removeStale(tables, isOurs);
  for (const table of tables) {
    const written = await writtenIn(tables[1]);
    for (const group of groupedBy(await table.files.list(), placeOf)) {
      const [first] = group;
      if (first === undefined || !isOurs(first.partition)) continue;
      const least = first.date < today ? 2 : MANY_FILES;
      for (const run of runsOf(group, written.get(logOf(first)) ?? [], table.files.store.mostBytes)) {
        if (isEnough()) return;
        if (run.length >= least) await mergeInto(table, run, merging);
      }
    }
  }
}

/** What a merge that was cut off has left. */
export async function removeStale(tables: Tables, isOurs: Merging['isOurs']): Promise<void> {
  for (const { files } of tables)
    await files.remove((await files.stale()).filter(({ partition }) => isOurs(partition)));
}

const logOf = ({ log, partition }: ArchiveFile): string => `${log} ${partition}`;

/** The positions of each partition that are written, whatever was counted there. */
async function writtenIn(control: TableFiles): Promise<Map<string, Range[]>> {
  const written = new Map<string, Range[]>();
  for (const file of await control.files.list()) {
    const ranges = written.get(logOf(file)) ?? [];
    ranges.push(file);
    written.set(logOf(file), ranges);
  }
  return written;
}

async function mergeInto(table: TableFiles, group: readonly ArchiveFile[], { onReached }: Merging): Promise<void> {
  const { files, columns } = table;
  const [first] = group;
  if (first === undefined) return;
  const held: Held = { ...first, to: Math.max(...group.map(({ to }) => to)) };
  let parts = group;
  let merged: ArchiveFile | undefined;
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    await files.read(parts, (sourceOf) => table.make(archived(parts.map(sourceOf), columns), held, merged));
    const there = await files.all({ from: held.date, to: held.date });
    const versions = new Map(there.map(({ path, version }) => [path, version]));
    const now = parts.map((part) => ({ ...part, version: versions.get(part.path) ?? part.version }));
    if (now.every(({ version }, i) => version === parts[i]?.version)) break;
    // What was written anew meanwhile, as an erasure does, is merged once more.
    merged = there.find((file) => placeOf(file) === placeOf(held) && file.from === held.from && file.to === held.to);
    parts = now;
  }
  onReached?.('merged');
  await files.remove(group);
  onReached?.('parts-removed');
}
