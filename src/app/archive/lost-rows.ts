import type { ArchiveFiles } from '../../archive/files.ts';
import { type LogRecords, LostRows } from '../../archive/lost/lost-rows.ts';
import type { Config } from '../../config.ts';
import { partitionName } from '../../events/partition.ts';
import type { FoldSettings } from '../../fold/settings.ts';
import type { EventLog } from '../../ingestion/ports/event-log.ts';
import { DimensionReader } from '../../metrics/dimension.ts';
import type { Logger } from '../../runtime/logger.ts';
import { Calendar } from '../../time/calendar.ts';
import { waitingDirOf } from './places.ts';

export interface LostRowsOf {
  readonly config: Config;
  readonly files: ArchiveFiles;
  readonly log: EventLog;
  /** As the archive calls it. */
  readonly logName: string;
  readonly settings: Pick<FoldSettings, 'dimensions'>;
  readonly logger: Pick<Logger, 'warn'>;
}

export function lostRowsOf({ config, files, log, logName, settings, logger }: LostRowsOf): LostRows {
  return new LostRows({
    files,
    records: recordsOf(log),
    log: logName,
    waitingDir: waitingDirOf(config),
    calendar: new Calendar(config.STORE_TIMEZONE),
    storeCurrency: config.STORE_CURRENCY,
    dimensions: new DimensionReader(settings.dimensions),
    logger,
  });
}

/** The log by how many records lie before each. */
function recordsOf(log: EventLog): LogRecords {
  return {
    async begin(partition) {
      return log.distance(log.start, (await log.begins()).get(partitionName(partition)) ?? log.start);
    },
    async *from(partition, place) {
      const name = partitionName(partition);
      const end = (await log.ends()).get(name) ?? log.start;
      const range = [await log.positionAt(partition, place), end].map((at) => new Map([[name, at]]));
      const [from = new Map(), until = new Map()] = range;
      for await (const { record } of log.replay(from, until))
        yield { place: log.distance(log.start, record.position), record };
    },
  };
}
