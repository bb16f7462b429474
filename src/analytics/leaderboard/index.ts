import type { Analytic } from '../analytic.ts';
import { leaderboardRoute } from './route.ts';

/** Its counters belong to the core (`pulse.ts`), since the live numbers read them as well. */
export const leaderboard: Analytic = { name: 'leaderboard', families: [], routes: [leaderboardRoute] };
