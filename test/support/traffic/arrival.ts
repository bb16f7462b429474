import type { Arrival } from '../../../src/events/repairs/rule.ts';

/** A live event that comes in then. */
export const arrivalAt = (arrivedAtMs: number): Arrival => ({ arrivedAtMs, isLive: true, storeCurrency: 'USD' });

/** What an acceptor needs to know of a shop that sets nothing. */
export const ACCEPTING = { storeCurrency: 'USD', dailyDays: 400 };
