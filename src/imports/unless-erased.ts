import { erasedName } from '../fold/erased-name.ts';
import type { Acceptance, Acceptor, Submitted } from '../ingestion/acceptor.ts';
import { eraseRecord } from '../ingestion/control-records.ts';
import type { EventLog } from '../ingestion/ports/event-log.ts';
import type { Erasures } from './erasures.ts';

interface UnlessErasedParts {
  readonly acceptor: Acceptor;
  readonly log: Pick<EventLog, 'partitions' | 'append'>;
  readonly erasures: Erasures;
}

/** What a format makes of a row. */
type Event = Readonly<Record<string, unknown>>;

const ERASED: Submitted = { outcome: 'unreadable', message: 'its visitor was erased while the file was imported' };

/** Takes a file's events in, but for those of whoever was erased since the file came: an erasure reaches what is still to be read. */
export class UnlessErased {
  private readonly parts: UnlessErasedParts;
  private readonly place: string;
  private readonly late = new Set<string>();

  constructor(parts: UnlessErasedParts, place: string) {
    this.parts = parts;
    this.place = place;
  }

  async accept(events: readonly Event[], importId: string): Promise<Acceptance> {
    const { acceptor, erasures } = this.parts;
    const before = await erasures.since(this.place);
    const isErased = ({ user_id: id }: Event): boolean => typeof id === 'string' && before.has(erasedName(id));
    const taken = events.map((value): Submitted => (isErased(value) ? ERASED : { outcome: 'json', value }));
    const acceptance = await acceptor.accept(taken, importId);
    const after = await erasures.since(this.place);
    // The log may have these behind the erasure.
    if (after.size > before.size)
      for (const { user_id: id } of events)
        if (typeof id === 'string' && after.has(erasedName(id)) && !before.has(erasedName(id))) this.late.add(id);
    return acceptance;
  }

  /** Who was erased while the log took their events is erased once more. @returns false where the log did not take it everywhere */
  async eraseLate(): Promise<boolean> {
    const { log } = this.parts;
    const partitions = log.partitions.filter(({ topic }) => topic === 'events');
    for (const userId of this.late) {
      const outcomes = await log.append(partitions.map((partition) => eraseRecord(partition, userId)));
      if (outcomes.some(({ outcome }) => outcome === 'failed')) return false;
      this.late.delete(userId);
    }
    return true;
  }
}
