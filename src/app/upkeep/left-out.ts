import type { RedisImportJournal } from '../../adapters/redis/imports/import-journal.ts';
import { partitionName } from '../../events/partition.ts';
import { takingBackLane } from '../../fold/taken-back/lane-name.ts';
import type { EventLog } from '../../ingestion/ports/event-log.ts';
import type { StateStore } from '../../ingestion/ports/state-store.ts';
import { RebuildRefused } from '../../rebuild/rebuild.ts';

/**
 * Lanes that a rebuild leaves out: imports that were taken back, with what took them back; of one that could be taken back in part alone,
 * that part.
 * @throws RebuildRefused where one is being taken back, or where that is not counted yet
 */
export async function lanesLeftOut(
  journal: RedisImportJournal,
  live: Pick<StateStore, 'standing'>,
  log: EventLog,
): Promise<string[]> {
  const imports = await journal.takenBack();
  const ends = await log.ends();
  for (const { importId, state, until } of imports) {
    if (state === 'taking-back')
      throw new RebuildRefused(`${importId} is being taken back; try again when that is done`);
    for (const partition of log.partitions) {
      const name = partitionName(partition);
      const [at, end] = [until.get(name), ends.get(name)];
      // Places of a log that was copied since say nothing of this one.
      if (at === undefined || end === undefined || log.distance(at, end) < 0) continue;
      const { position } = await live.standing(partition);
      if (position !== undefined && log.distance(position, at) > 0)
        throw new RebuildRefused(`${importId} was taken back, and that is not counted yet; try again in a moment`);
    }
  }
  return imports.flatMap(({ importId, state }) =>
    state === 'taken-back' ? [importId, takingBackLane(importId)] : [takingBackLane(importId)],
  );
}
