import type { Message } from 'kafkajs';
import type { LogAppend } from '../../ingestion/ports/event-log.ts';

/** Names the import that a record belongs to; live records carry none. */
export const IMPORT_HEADER = 'import';

export function toMessage({ key, value, importId }: LogAppend): Message {
  return importId === undefined ? { key, value } : { key, value, headers: { [IMPORT_HEADER]: importId } };
}
