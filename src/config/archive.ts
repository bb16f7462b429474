import { z } from 'zod';
import { durationMs, MINUTE_MS, wholeNumber } from './values.ts';

const IN_S3 = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/;

export interface PlaceInS3 {
  readonly bucket: string;
  /** What all names begin with: empty, or ends with a slash. */
  readonly prefix: string;
}

/** Where in S3 the archive lies; undefined where it lies in a folder. */
export function placeInS3(archiveDir: string | undefined): PlaceInS3 | undefined {
  const [, bucket, path = ''] = IN_S3.exec(archiveDir ?? '') ?? [];
  if (bucket === undefined) return undefined;
  const prefix = path
    .split('/')
    .filter((part) => part !== '')
    .join('/');
  return { bucket, prefix: prefix === '' ? '' : `${prefix}/` };
}

/** Settings of the archive. */
export const archiveSettings = {
  ARCHIVE_DIR: z
    .string()
    .min(1)
    .refine((dir) => !/^[a-z0-9]+:\/\//i.test(dir) || IN_S3.test(dir), 'must be a folder, or s3://bucket/prefix')
    .optional(),
  ARCHIVE_DAYS: wholeNumber(0, 36_600).default(0),
  ARCHIVE_S3_ENDPOINT: z
    .string()
    .refine((text) => {
      const url = URL.parse(text);
      return url !== null && /^https?:$/.test(url.protocol) && `${url.username}${url.password}${url.search}` === '';
    }, 'must be an URL such as https://minio.example:9000')
    .optional(),
  ARCHIVE_S3_REGION: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,64}$/, 'must be a region such as eu-central-1')
    .default('us-east-1'),
  ARCHIVE_S3_ACCESS_KEY: z.string().min(1).optional(),
  ARCHIVE_S3_SECRET_KEY: z.string().min(1).optional(),
  ARCHIVE_S3_SESSION_TOKEN: z.string().min(1).optional(),
  ARCHIVE_S3_PATH_STYLE: z.enum(['true', 'false'], 'must be true or false').optional(),
  ARCHIVE_CACHE_BYTES: wholeNumber(1_048_576, Number.MAX_SAFE_INTEGER).default(2 * 1_024 ** 3),
  EXPLORE_MEMORY: z
    .string()
    .regex(/^\d+ ?[MG]B$/i, 'must be a size such as 512MB')
    .default('1GB'),
  EXPLORE_TIMEOUT: durationMs.default(MINUTE_MS),
};

const OF_S3 = [
  'ARCHIVE_S3_ENDPOINT',
  'ARCHIVE_S3_ACCESS_KEY',
  'ARCHIVE_S3_SECRET_KEY',
  'ARCHIVE_S3_SESSION_TOKEN',
  'ARCHIVE_S3_PATH_STYLE',
] as const;

type Given = { readonly [name in 'ARCHIVE_DIR' | (typeof OF_S3)[number]]?: string | undefined };

/** What they need of each other. */
export function archiveProblem(given: Given): string | undefined {
  if (placeInS3(given.ARCHIVE_DIR) !== undefined) return keysProblem(given);
  const set = OF_S3.find((name) => given[name] !== undefined);
  return set === undefined ? undefined : `${set} needs an ARCHIVE_DIR such as s3://bucket/archive`;
}

/** Without any, keys are those that the machine is lent. */
function keysProblem(given: Given): string | undefined {
  const isHalf = (given.ARCHIVE_S3_ACCESS_KEY === undefined) !== (given.ARCHIVE_S3_SECRET_KEY === undefined);
  if (isHalf) return 'ARCHIVE_S3_ACCESS_KEY and ARCHIVE_S3_SECRET_KEY need each other';
  if (given.ARCHIVE_S3_SESSION_TOKEN !== undefined && given.ARCHIVE_S3_ACCESS_KEY === undefined)
    return 'ARCHIVE_S3_SESSION_TOKEN needs ARCHIVE_S3_ACCESS_KEY and ARCHIVE_S3_SECRET_KEY';
  return undefined;
}
