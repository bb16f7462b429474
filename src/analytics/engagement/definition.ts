import { jsonText } from '../../events/json-text.ts';
import type { Definition } from '../../metrics/definition.ts';
import type { Fact } from '../../metrics/facts.ts';
import { family } from '../../metrics/family.ts';
import type { Writes } from '../../metrics/writes.ts';

export const interactions = family({
  name: 'interactions',
  kind: 'history',
  windows: ['none'],
  dimensions: ['user'],
  cap: 200,
  description: 'the newest interactions of a user by timestamp (INTERACTIONS_PER_USER)',
});

function foldEngagement(fact: Fact, writes: Writes): void {
  if (fact.kind === 'erasure') writes.dropHistory(interactions, fact.userId);
  if (fact.kind !== 'event') return;
  const { eventId, name, items, userId, timestampMs } = fact.event;
  const itemId = items[0]?.itemId;
  // An event's name needs no escapes: it is checked where it comes in.
  const member = `[${jsonText(eventId)},"${name}"${itemId === undefined ? '' : `,${jsonText(itemId)}`}]`;
  // Once a session is often enough for a life of more than a year.
  writes.addToHistory(interactions, userId, timestampMs, member, fact.session.events === 1);
}

export const engagementDefinition = {
  families: [interactions],
  fold: foldEngagement,
} satisfies Definition;
