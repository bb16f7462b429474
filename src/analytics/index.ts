import { abandonedCarts } from './abandoned-carts/index.ts';
import { abandonment } from './abandonment/index.ts';
import type { Analytic } from './analytic.ts';
import { cities } from './cities/index.ts';
import { engagement } from './engagement/index.ts';
import { eventFrequencies } from './event-frequencies/index.ts';
import { funnel } from './funnel/index.ts';
import { inventory } from './inventory/index.ts';
import { leaderboard } from './leaderboard/index.ts';
import { payments } from './payments/index.ts';
import { popularProducts } from './popular-products/index.ts';
import { productPerformance } from './product-performance/index.ts';
import { revenue } from './revenue/index.ts';
import { risingProducts } from './rising-products/index.ts';
import { searches } from './searches/index.ts';
import { sessions } from './sessions/index.ts';

/** Every question that cartpulse answers. Consumer, API, OpenAPI document and memory report derive from this list. */
export const analytics: readonly Analytic[] = [
  funnel,
  popularProducts,
  risingProducts,
  productPerformance,
  engagement,
  sessions,
  eventFrequencies,
  cities,
  revenue,
  payments,
  searches,
  inventory,
  leaderboard,
  abandonment,
  abandonedCarts,
];
