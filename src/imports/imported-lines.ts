import { z } from 'zod';
import { parsedJson } from '../events/json-text.ts';
import { partitionName } from '../events/partition.ts';
import type { EventLog, LogRecord, Position } from '../ingestion/ports/event-log.ts';

const named = z.looseObject({ event_id: z.string() });

/**
 * Which lines of an import the log holds. Where it is not known what became of an
 * append, because a process died or no answer came, the log is read: a line that is
 * appended once more would count twice, since lane time may have left its window behind.
 */
export class ImportedLines {
  private readonly log: Pick<EventLog, 'ends' | 'partitions' | 'replay'>;
  private readonly importId: string;
  private readonly behind: number;
  private from: ReadonlyMap<string, Position>;
  private readonly ids = new Set<string>();

  /**
   * @param behind line up to which the log is known to hold all
   * @param from where the log ended before the first line was appended
   */
  constructor(
    log: Pick<EventLog, 'ends' | 'partitions' | 'replay'>,
    importId: string,
    behind: number,
    from: ReadonlyMap<string, Position>,
  ) {
    this.log = log;
    this.importId = importId;
    this.behind = behind;
    // A log of other partitions is a copy, in which everything lies elsewhere: it is read from its beginning.
    this.from = isOf(log, from) ? from : new Map();
  }

  /** Reads what the log has been given since it was last read. */
  async refresh(): Promise<void> {
    const until = await this.log.ends();
    for await (const { record } of this.log.replay(this.from, until))
      if (record.importId === this.importId) this.note(idOf(record));
    this.from = until;
  }

  /** A line may have several events. */
  has(line: number, eventId: string): boolean {
    return line <= this.behind || this.ids.has(eventId);
  }

  /** Only those that may be in question: a file may have millions of lines. */
  private note(id: string): void {
    if (Number.parseInt(id.slice(this.importId.length + 1), 10) > this.behind) this.ids.add(id);
  }
}

function isOf({ partitions }: Pick<EventLog, 'partitions'>, positions: ReadonlyMap<string, Position>): boolean {
  return partitions.length === positions.size && partitions.every((one) => positions.has(partitionName(one)));
}

function idOf({ value }: LogRecord): string {
  const parsed = named.safeParse(parsedJson(Buffer.from(value ?? '').toString('utf8')));
  // Its closing names no line; nor does what others may have put there.
  return parsed.success ? parsed.data.event_id : '';
}
