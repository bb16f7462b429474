import type { IHeaders } from 'kafkajs';
import type { LogRecord, Position } from '../../ingestion/ports.ts';
import { IMPORT_HEADER } from './headers.ts';

/** A record as the rest of the system sees it; its position is its offset. */
export function toRecord(message: {
  key: Buffer | null;
  value: Buffer | null;
  offset: string;
  timestamp: string;
  headers?: IHeaders;
}): LogRecord {
  const header = message.headers?.[IMPORT_HEADER];
  const importId = Array.isArray(header) ? header[0] : header;
  return {
    position: message.offset as Position,
    next: String(Number(message.offset) + 1) as Position,
    key: message.key?.toString('utf8') ?? null,
    value: message.value,
    importId: importId?.toString(),
    arrivedAtMs: Number(message.timestamp),
  };
}
