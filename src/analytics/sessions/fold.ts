import type { Fact } from '../facts.ts';
import type { Writes } from '../writes.ts';
import { newUserCounts } from './keys.ts';

export function foldSessions(fact: Fact, writes: Writes): void {
  if (fact.kind !== 'event' || !fact.session.isNewUser) return;
  const { began, city } = fact.session;
  writes.addInCity(newUserCounts, began, 'users', city);
}
