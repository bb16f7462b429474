import { abandonment } from './abandonment/index.ts';
import type { Analytic } from './analytic.ts';
import { cities } from './cities/index.ts';
import { engagement } from './engagement/index.ts';
import { eventFrequencies } from './event-frequencies/index.ts';
import { funnel } from './funnel/index.ts';
import { popularProducts } from './popular-products/index.ts';
import { revenue } from './revenue/index.ts';

/** Every question that cartpulse answers. Consumer, API, OpenAPI document and memory report derive from this list. */
export const analytics: readonly Analytic[] = [
  funnel,
  popularProducts,
  engagement,
  eventFrequencies,
  cities,
  revenue,
  abandonment,
];
