import type { Dictionaries } from '../../metrics/sums/dictionaries.ts';
import type { FoldSettings } from '../settings.ts';
import { plansOf } from '../state/bucket-plans.ts';
import type { LaneSnapshot } from '../state/snapshot.ts';
import { isUserField, userIdOf } from '../state/state-keys.ts';
import type { UserState } from './session-state.ts';
import { readUser } from './visitor-records.ts';

/** Users of whose visits a lane has a record. */
export function usersOf(
  { visitors }: LaneSnapshot,
  settings: FoldSettings,
  dictionaries: Dictionaries,
): [userId: string, user: UserState][] {
  const { widthMs } = plansOf(settings).visitors;
  const found: [userId: string, user: UserState][] = [];
  for (const [field, { bucket, value }] of visitors)
    if (isUserField(field)) found.push([userIdOf(field), readUser(value, bucket * widthMs, dictionaries)]);
  return found;
}
