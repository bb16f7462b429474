import type { Analytic } from '../analytic.ts';
import { foldSessions } from './fold.ts';
import { sessionFamilies } from './keys.ts';
import { sessionsRoute } from './route.ts';

export const sessions: Analytic = {
  name: 'sessions',
  families: sessionFamilies,
  fold: foldSessions,
  routes: [sessionsRoute],
};
