import { jsonText } from '../../events/json-text.ts';
import type { Counting, Definition } from '../../metrics/definition.ts';
import { family } from '../../metrics/family.ts';
import type { Sums } from '../../metrics/sums/sums.ts';

export const interactions = family({
  name: 'interactions',
  kind: 'history',
  windows: ['none'],
  dimensions: ['user'],
  cap: 200,
  description: 'the newest interactions of a user by timestamp (INTERACTIONS_PER_USER)',
});

function countInteractions(sums: Sums): Counting {
  const { items } = sums.dictionaries;
  const history = sums.historyOfUsers(interactions);
  return {
    event(fact) {
      const { name, eventId, user, timestampMs } = fact;
      // An event's name needs no escapes: it is checked where it comes in.
      const item = fact.lines === 0 ? '' : `,${jsonText(items.text(fact.itemOf(0)))}`;
      // Once a session is often enough for a life of more than a year.
      const renew = fact.session.events === 1;
      history.add(user, timestampMs, `[${jsonText(eventId)},"${name}"${item}]`, renew);
    },
    erasure: ({ userId }, writes) => writes.dropHistory(interactions, userId),
  };
}

export const engagementDefinition = {
  families: [interactions],
  count: countInteractions,
} satisfies Definition;
