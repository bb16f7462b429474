/** Every question that cartpulse answers, a line each; consumer, API and OpenAPI document follow. */
export { abandonedCarts } from './abandoned-carts/route.ts';
export { abandonment } from './abandonment/route.ts';
export { breakdowns } from './breakdowns/route.ts';
export { coupons } from './coupons/route.ts';
export { engagement } from './engagement/route.ts';
export { eventFrequencies } from './event-frequencies/route.ts';
export { funnel } from './funnel/route.ts';
export { inventory } from './inventory/route.ts';
export { leaderboard } from './leaderboard/route.ts';
export { live } from './live/route.ts';
export { payments } from './payments/route.ts';
export { popularProducts } from './popular-products/route.ts';
export { productPerformance } from './product-performance/route.ts';
export { revenue } from './revenue/route.ts';
export { risingProducts } from './rising-products/route.ts';
export { searches } from './searches/route.ts';
export { sessions } from './sessions/route.ts';
