import { jsonText } from '../../events/json-text.ts';
import type { Fact } from '../facts.ts';
import type { Writes } from '../writes.ts';
import { interactions } from './keys.ts';

export function foldEngagement(fact: Fact, writes: Writes): void {
  if (fact.kind === 'erasure') writes.forget(interactions, fact.userId);
  if (fact.kind !== 'event') return;
  const { eventId, name, items, userId, timestampMs } = fact.event;
  const itemId = items[0]?.itemId;
  // An event's name needs no escapes: it is checked where it comes in.
  const member = `[${jsonText(eventId)},"${name}"${itemId === undefined ? '' : `,${jsonText(itemId)}`}]`;
  // Once a session is often enough for a life of more than a year.
  writes.remember(interactions, userId, timestampMs, member, fact.session.events === 1);
}
