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
      // Once a session is often enough for a life of more than a year.
      const member = history.begin(fact.user, fact.timestampMs, fact.session.events === 1);
      // An event's name needs no escapes: it is checked where it comes in.
      member.text('[').json(fact.idSource, fact.idFrom, fact.idTo).text(',"').text(fact.name).text('"');
      if (fact.lines > 0) {
        const item = fact.itemOf(0);
        member.text(',').json(items.bytes, items.from(item), items.to(item));
      }
      member.text(']');
      history.end();
    },
    erasure: ({ userId }, writes) => writes.dropHistory(interactions, userId),
  };
}

export const engagementDefinition = {
  families: [interactions],
  count: countInteractions,
} satisfies Definition;
