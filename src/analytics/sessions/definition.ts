import type { Counting, Definition } from '../../metrics/definition.ts';
import { family } from '../../metrics/family.ts';
import type { Sums } from '../../metrics/sums/sums.ts';

export const newUserCounts = family({
  name: 'new-users',
  kind: 'counter',
  windows: ['hour', 'day'],
  dimensions: [],
  cap: 10_000,
  description: 'users of whom no session had begun for thirty days, in the hour in which theirs begins',
});

function countNewUsers(sums: Sums): Counting {
  const users = sums.counter(newUserCounts, 'users');
  return {
    event({ session: { began, dimensions, moved, isNewUser } }) {
      if (moved?.isNewUser) {
        began.add(users, moved.from, -1);
        began.add(users, dimensions);
      }
      if (isNewUser) began.add(users, dimensions);
    },
    session: ({ began, dimensions, isNewUser, sign }) => began.add(users, dimensions, isNewUser ? sign : 0),
  };
}

export const newUsersDefinition = {
  families: [newUserCounts],
  count: countNewUsers,
} satisfies Definition;
