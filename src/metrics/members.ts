/** What events name beside dimension values, and answers list: each is told apart up to a cap, on each local day. */
export const MEMBER_KINDS = ['names', 'items', 'terms', 'payments', 'coupons', 'searches'] as const;
export type MemberKind = (typeof MEMBER_KINDS)[number];
export type MemberCaps = Readonly<Record<MemberKind, number>>;

/**
 * Of so many a day each partition of the log tells apart those that came first: what a large shop has, and what Redis has room for. Search
 * terms by dimension value are counted one by one for each value.
 */
export const MEMBER_CAPS: MemberCaps = {
  names: 1_000,
  items: 100_000,
  terms: 20_000,
  payments: 1_000,
  coupons: 10_000,
  searches: 100_000,
};
