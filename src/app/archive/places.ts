import { join } from 'node:path';
import { FolderStore } from '../../adapters/archive-folder/folder-store.ts';
import { AwsKeys, fixedKeys, type S3KeySource } from '../../adapters/s3/keys.ts';
import { S3Store } from '../../adapters/s3/s3-store.ts';
import type { ArchiveStore } from '../../archive/store.ts';
import { placeInS3 } from '../../config/archive.ts';
import type { Config } from '../../config.ts';

type Places = Pick<Config, 'ARCHIVE_DIR' | 'DATA_DIR'>;

/** Where the archive lies, for people. */
export const archiveDirOf = ({ ARCHIVE_DIR, DATA_DIR }: Places): string => ARCHIVE_DIR ?? join(DATA_DIR, 'archive');

/** Where rows wait to be written. */
export const waitingDirOf = ({ DATA_DIR }: Places): string => join(DATA_DIR, 'archive-waiting');

/** Where the archive's files lie. */
export const archiveStoreOf = (config: Config): ArchiveStore => inS3(config) ?? new FolderStore(archiveDirOf(config));

/** Looks whether the archive may do there what it must. @throws S3Refused, FolderRefused with one line that says what is wrong */
export async function checkArchive(config: Config, writes: boolean): Promise<void> {
  const store = inS3(config);
  if (store !== undefined) await store.check(writes);
  else if (writes) await new FolderStore(archiveDirOf(config)).check();
}

function inS3(config: Config): S3Store | undefined {
  const place = placeInS3(config.ARCHIVE_DIR);
  if (place === undefined) return undefined;
  const { ARCHIVE_S3_REGION: region, ARCHIVE_S3_ENDPOINT: endpoint, ARCHIVE_S3_PATH_STYLE: isPath } = config;
  // A bucket with dots in its name has no certificate as a host.
  const pathStyle = isPath === undefined ? endpoint !== undefined || place.bucket.includes('.') : isPath === 'true';
  const settings = { bucket: place.bucket, region, keys: keysOf(config), pathStyle };
  return new S3Store({
    settings: { ...settings, endpoint: endpoint ?? `https://s3.${region}.amazonaws.com` },
    prefix: place.prefix,
    cacheDir: join(config.DATA_DIR, 'archive-cache'),
    cacheBytes: config.ARCHIVE_CACHE_BYTES,
  });
}

function keysOf(config: Config): S3KeySource {
  const { ARCHIVE_S3_ACCESS_KEY: accessKey, ARCHIVE_S3_SECRET_KEY: secretKey } = config;
  if (accessKey === undefined || secretKey === undefined) return new AwsKeys();
  return fixedKeys({ accessKey, secretKey, sessionToken: config.ARCHIVE_S3_SESSION_TOKEN });
}
