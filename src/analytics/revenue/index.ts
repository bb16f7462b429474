import type { Analytic } from '../analytic.ts';
import { foldRevenue } from './fold.ts';
import { revenueFamilies } from './keys.ts';
import { revenueRoute } from './route.ts';

export const revenue: Analytic = {
  name: 'revenue',
  families: revenueFamilies,
  fold: foldRevenue,
  routes: [revenueRoute],
};
