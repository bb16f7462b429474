/** Every question that cartpulse answers, a line each: consumer, API, OpenAPI document and memory report follow from it. */
export { abandonedCarts } from './abandoned-carts/index.ts';
export { abandonment } from './abandonment/index.ts';
export { cities } from './cities/index.ts';
export { engagement } from './engagement/index.ts';
export { eventFrequencies } from './event-frequencies/index.ts';
export { funnel } from './funnel/index.ts';
export { inventory } from './inventory/index.ts';
export { leaderboard } from './leaderboard/index.ts';
export { live } from './live/index.ts';
export { payments } from './payments/index.ts';
export { popularProducts } from './popular-products/index.ts';
export { productPerformance } from './product-performance/index.ts';
export { revenue } from './revenue/index.ts';
export { risingProducts } from './rising-products/index.ts';
export { searches } from './searches/index.ts';
export { sessions } from './sessions/index.ts';
