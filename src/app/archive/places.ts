import { join } from 'node:path';
import type { Config } from '../../config.ts';

type Places = Pick<Config, 'ARCHIVE_DIR' | 'DATA_DIR'>;

export const archiveDirOf = ({ ARCHIVE_DIR, DATA_DIR }: Places): string => ARCHIVE_DIR ?? join(DATA_DIR, 'archive');

/** Where rows wait to be written. */
export const waitingDirOf = ({ DATA_DIR }: Places): string => join(DATA_DIR, 'archive-waiting');
