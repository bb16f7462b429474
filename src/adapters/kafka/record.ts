import type { IHeaders, Message } from 'kafkajs';
import type { LogAppend, LogRecord, Position } from '../../ingestion/ports/event-log.ts';

/** Names the import that a record belongs to; live records carry none. */
const IMPORT_HEADER = 'import';

interface ReadMessage {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly offset: string;
  readonly timestamp: string;
  readonly headers?: IHeaders;
}

export function toMessage({ key, value, importId }: LogAppend): Message {
  return importId === undefined ? { key, value } : { key, value, headers: { [IMPORT_HEADER]: importId } };
}

/** A record as the rest of the system sees it; its position is its offset. */
export const toRecord = (message: ReadMessage): LogRecord => new KafkaRecord(message);

/** What only the last record of a batch, or one that is rejected, is asked for is made when it is asked for. */
class KafkaRecord implements LogRecord {
  readonly value: Buffer | null;
  readonly importId: string | undefined;
  readonly arrivedAtMs: number;
  private readonly message: ReadMessage;

  constructor(message: ReadMessage) {
    this.message = message;
    this.value = message.value;
    this.importId = importOf(message.headers);
    this.arrivedAtMs = Number(message.timestamp);
  }

  get position(): Position {
    return this.message.offset as Position;
  }

  get next(): Position {
    return String(Number(this.message.offset) + 1) as Position;
  }

  get key(): string | null {
    return this.message.key?.toString('utf8') ?? null;
  }
}

function importOf(headers: IHeaders | undefined): string | undefined {
  const header = headers?.[IMPORT_HEADER];
  return (Array.isArray(header) ? header[0] : header)?.toString();
}
