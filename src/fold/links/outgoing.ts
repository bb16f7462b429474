import { z } from 'zod';
import type { LinkRecord } from '../../events/event.ts';
import { type PartitionId, partitionName } from '../../events/partition.ts';
import type { WireControl } from '../../events/validation/control.ts';
import type { Writes } from '../../metrics/writes.ts';
import type { LaneClock } from '../state/bucketed-state.ts';
import { recordOutbox } from '../state/state-families.ts';

type Link = Omit<Extract<LinkRecord, { kind: 'link' }>, 'kind'>;

/** A record for another partition's owner, as it waits to join the log. */
const outgoing = z.object({
  /** Whose partition it belongs to: a user, or an order. */
  to: z.string(),
  /** Whom it is about: an erasure of theirs takes it out of the log as well. */
  key: z.string(),
  value: z.string(),
});

export type OutgoingRecord = z.infer<typeof outgoing>;

export const parseOutgoing = (text: string): OutgoingRecord => outgoing.parse(JSON.parse(text));

/** What a partition has to tell others goes out with the commit that counts why. */
export class Outgoing {
  private readonly partition: string;
  private readonly writes: Writes;
  private readonly clock: LaneClock;

  /** @param clock the newest moment that the partition knows of: it goes along, since who is told may have had no event for months */
  constructor(partition: PartitionId, writes: Writes, clock: LaneClock) {
    this.partition = partitionName(partition);
    this.writes = writes;
    this.clock = clock;
  }

  /** To a guest's owner: they are this user. */
  sayLink({ id, guestId, userId, sessionId, atMs, arrivedMs }: Link): void {
    const named = { guest: guestId, user_id: userId };
    this.say(guestId, guestId, { control: 'link', id, ...named, session: sessionId, at: atMs, arrived: arrivedMs });
  }

  /** A guest goes along with who is erased; what waits of them counts before. */
  sayErase(guestId: string): void {
    for (const control of ['release', 'erase'] as const) this.say(guestId, guestId, { control, user_id: guestId });
  }

  say(to: string, key: string, record: WireControl): void {
    const said: OutgoingRecord = { to, key, value: JSON.stringify({ ...record, now: this.clock.timeMs, for: to }) };
    this.writes.enqueue(recordOutbox, this.partition, JSON.stringify(said));
  }
}
