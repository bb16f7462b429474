import type { Definition } from '../../metrics/definition.ts';
import type { Fact } from '../../metrics/facts.ts';
import { family } from '../../metrics/family.ts';
import type { Writes } from '../../metrics/writes.ts';

export const newUserCounts = family({
  name: 'new-users',
  kind: 'counter',
  windows: ['hour', 'day'],
  dimensions: [],
  cap: 10_000,
  description: 'users of whom no session had begun for thirty days, in the hour in which theirs begins; also by city',
});

function foldNewUsers(fact: Fact, writes: Writes): void {
  if (fact.kind !== 'event' || !fact.session.isNewUser) return;
  const { began, city } = fact.session;
  writes.addInCity(newUserCounts, began, 'users', city);
}

export const newUsersDefinition = {
  families: [newUserCounts],
  fold: foldNewUsers,
} satisfies Definition;
