import { randomBytes } from 'node:crypto';
import { DuckProcess } from '../../adapters/duckdb/duck-process.ts';
import { EventArchive } from '../../archive/event-archive.ts';
import { ArchiveFiles } from '../../archive/files.ts';
import { ParquetWriter } from '../../archive/parquet-writer.ts';
import { shortHash } from '../../events/short-hash.ts';
import type { Basics } from '../register.ts';
import { archiveDirOf, waitingDirOf } from './places.ts';

/** Rewriting and merging files takes no more than this, beside what counting takes. */
const WRITER_MEMORY = '512MB';

/** The archive as this process writes it. */
export interface OpenArchive {
  readonly events: EventArchive;
  close(): Promise<void>;
}

export async function openArchive(basics: Omit<Basics, 'archive'>): Promise<OpenArchive> {
  const { config, calendar, logger, now } = basics;
  const files = new ArchiveFiles(archiveDirOf(config));
  const duck = new DuckProcess([
    `SET memory_limit = '${WRITER_MEMORY}'`,
    'SET threads = 1',
    'SET preserve_insertion_order = true',
    "SET TimeZone = 'UTC'",
  ]);
  const events = new EventArchive({
    files,
    writer: new ParquetWriter({ files, sql: duck }),
    waitingDir: waitingDirOf(config),
    log: await logIdOf(basics),
    calendar,
    days: config.ARCHIVE_DAYS,
    logger,
    now,
  });
  return {
    events,
    async close() {
      await events.close();
      await duck.close();
    },
  };
}

/**
 * Which log places are of. The embedded one begins anew where its Redis is lost, so its name lies beside it; Kafka's topics outlive
 * a Redis that is lost, so theirs is made of theirs.
 */
async function logIdOf({ config, redis, keyspace }: Omit<Basics, 'archive'>): Promise<string> {
  const { KAFKA_BROKERS, KAFKA_EVENTS_TOPIC: events, KAFKA_INVENTORY_TOPIC: inventory } = config;
  if (KAFKA_BROKERS !== undefined)
    return `k${Buffer.from(shortHash([events, inventory]), 'base64url')
      .toString('hex')
      .slice(0, 8)}`;
  const key = keyspace.installation('log-ids');
  await redis.hsetnx(key, keyspace.logName, `r${randomBytes(4).toString('hex')}`);
  return (await redis.hget(key, keyspace.logName)) ?? '';
}
