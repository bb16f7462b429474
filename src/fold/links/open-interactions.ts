import { interactions } from '../../analytics/engagement/definition.ts';
import type { Writes } from '../../metrics/writes.ts';
import type { Memory } from '../state/memory.ts';
import type { OpenHistories } from '../state/snapshot.ts';

/** A record holds a megabyte; so many bytes of interactions go over. */
const MOST_BYTES = 200_000;

/**
 * A guest's interactions, those that were stored and those of the unit: timestamps and members in turns, the newest as far as there is room.
 * @param histories as they were stored; what is given up is no longer there
 */
export function giveUpInteractions(
  guest: number,
  guestId: string,
  histories: OpenHistories,
  { memory, writes }: { readonly memory: Memory; readonly writes: Writes },
): string[] {
  const of = memory.sums.historyOfUsers(interactions);
  const takenIn = writes.takeHistory(interactions, guestId);
  // As in the store, what comes again after an id is forgotten is there once.
  const all = new Map<string, number>();
  for (const [atMs, member] of [...(histories.get(guestId) ?? []), ...takenIn, ...of.take(guest)])
    all.set(member, atMs);
  histories.delete(guestId);
  if (all.size > 0) writes.dropHistory(interactions, guestId);
  let bytes = 0;
  const newest = [...all]
    .sort(([one, a], [other, b]) => b - a || (one < other ? -1 : 1))
    .filter(([member]) => {
      bytes += Buffer.byteLength(JSON.stringify(member));
      return bytes <= MOST_BYTES;
    });
  return newest.flatMap(([member, atMs]) => [String(atMs), member]);
}

export function takeInInteractions(userId: string, members: readonly string[], writes: Writes): void {
  for (let i = 0; i + 1 < members.length; i += 2)
    writes.addToHistory(interactions, userId, Number(members[i]), members[i + 1] ?? '');
}
