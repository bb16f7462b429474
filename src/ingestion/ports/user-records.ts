import type { CartRecord } from '../../analytics/abandoned-carts/cart-lists.ts';

export interface KeptSession {
  /** Undefined where it is told by moments alone. */
  readonly id: string | undefined;
  readonly city: string;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly events: number;
  /** Searches that nothing has followed yet. */
  readonly searches: readonly { readonly term: string; readonly atMs: number }[];
}

export interface KeptOrder {
  readonly transactionId: string;
  readonly currency: string;
  readonly revenue: number;
  readonly refunded: number;
  readonly units: number;
  readonly items: readonly { readonly itemId: string; readonly units: number }[];
}

/** What counting keeps of one user, beside interactions. */
export interface KeptUser {
  readonly sessions: readonly KeptSession[];
  readonly orders: readonly KeptOrder[];
  readonly carts: readonly CartRecord[];
  /** Hours in which they are counted as a user, of the last days; each with the cities that they were seen in. */
  readonly countedIn: readonly { readonly hourMs: number; readonly cities: readonly string[] }[];
  /** When a session of theirs began last, as far as thirty days back. */
  readonly sessionBeganMs: number | undefined;
  /** When they bought first, where that is counted. */
  readonly boughtFirstMs: number | undefined;
  /** As whom they came before they signed in: what is kept of these is theirs. */
  readonly guests: readonly string[];
}

export interface UserRecords {
  of(userId: string): Promise<KeptUser>;
}
