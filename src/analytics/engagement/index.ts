import type { Analytic } from '../analytic.ts';
import { foldEngagement } from './fold.ts';
import { engagementFamilies } from './keys.ts';
import { engagementRoute, interactionsRoute } from './route.ts';

export const engagement: Analytic = {
  name: 'engagement',
  families: engagementFamilies,
  fold: foldEngagement,
  routes: [engagementRoute, interactionsRoute],
};
