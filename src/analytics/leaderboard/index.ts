import type { Question } from '../question.ts';
import { realtime } from '../shared/realtime.ts';
import { leaderboardRoute } from './route.ts';

export const leaderboard: Question = {
  name: 'leaderboard',
  definitions: [realtime],
  routes: [leaderboardRoute],
};
