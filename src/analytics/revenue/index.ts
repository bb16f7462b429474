import type { Analytic } from '../analytic.ts';
import { revenueRoute } from './route.ts';

/** Its counters belong to the core (`sales.ts`), since the live numbers read them as well. */
export const revenue: Analytic = { name: 'revenue', families: [], routes: [revenueRoute] };
