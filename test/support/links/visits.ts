/** Events of visitors as they stand on the wire. */
export interface Visit {
  readonly event_id: string;
  readonly name: string;
  readonly timestamp: number;
  readonly user_id?: string;
  readonly anonymous_id?: string;
  readonly transaction_id?: string;
  readonly items?: readonly { readonly item_id: string; readonly price?: number; readonly quantity?: number }[];
  readonly [field: string]: unknown;
}

/** Who does something: a guest, a user, or a user who names the guest that they were. */
export interface Who {
  readonly user?: string;
  readonly guest?: string;
}

const OPENS = Date.parse('2026-11-20T10:00:00Z');
const MIN = 60_000;
let ids = 0;

/** So many minutes after ten. */
export const minutes = (n: number): number => OPENS + n * MIN;

export function visit(atMin: number, { user, guest }: Who, name: string, more: Partial<Visit> = {}): Visit {
  return {
    event_id: `e${++ids}`,
    name,
    timestamp: minutes(atMin),
    ...(user !== undefined && { user_id: user }),
    ...(guest !== undefined && { anonymous_id: guest }),
    city: 'Oslo',
    ...more,
  };
}

export const items = (...ids: string[]): Partial<Visit> => ({
  items: ids.map((item_id) => ({ item_id, price: 5 })),
});
