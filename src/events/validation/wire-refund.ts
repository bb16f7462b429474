import { z } from 'zod';
import type { RefundCounts, SaidRefund } from '../event.ts';

/** A line's id, price and quantity. */
const line = z.tuple([z.string(), z.number().nullable(), z.number()]);

/** An item, its amount, and whether it counts as other; an item that the refund names is the place of its line: ids are long. */
const countedLine = z.tuple([z.union([z.int().min(0), z.string()]), z.number(), z.boolean()]);

const countsSchema = z.object({
  currency: z.string(),
  amount: z.number(),
  beyond: z.boolean(),
  lines: z.array(countedLine),
});

export const refundSchema = z.object({
  id: z.string().min(1).max(256),
  at: z.int().min(0),
  values: z.array(z.string()),
  currency: z.string(),
  value: z.number().nullable(),
  items: z.array(line),
  /** Earlier versions have not said it. */
  counts: countsSchema.optional(),
});

type WireRefund = z.infer<typeof refundSchema>;

export const refundOfWire = ({ id, at, values, currency, value, items, counts }: WireRefund): SaidRefund => ({
  id,
  atMs: at,
  values,
  currency,
  value: value ?? undefined,
  items: items.map(([itemId, price, quantity]) => ({ itemId, price: price ?? undefined, quantity })),
  ...(counts !== undefined && { counts: countsOfWire(counts, items) }),
});

function countsOfWire(
  { currency, amount, beyond, lines }: z.infer<typeof countsSchema>,
  items: WireRefund['items'],
): RefundCounts {
  const idOf = (item: string | number): string => (typeof item === 'string' ? item : (items[item]?.[0] ?? ''));
  return {
    currency,
    amount,
    isBeyond: beyond,
    lines: lines.map(([item, revenue, isOther]) => ({ itemId: idOf(item), revenue, isOther })),
  };
}

/** The same as the log holds it. */
export function wireRefund({ id, atMs, values, currency, value, items, counts }: SaidRefund): WireRefund {
  return {
    id,
    at: atMs,
    values: [...values],
    currency,
    value: value ?? null,
    items: items.map(({ itemId, price, quantity }): z.infer<typeof line> => [itemId, price ?? null, quantity]),
    ...(counts !== undefined && { counts: wireCounts(counts, items) }),
  };
}

function wireCounts({ currency, amount, isBeyond, lines }: RefundCounts, items: SaidRefund['items']) {
  const places = new Map(items.map(({ itemId }, place) => [itemId, place]));
  return {
    currency,
    amount,
    beyond: isBeyond,
    lines: lines.map(
      ({ itemId, revenue, isOther }): z.infer<typeof countedLine> => [places.get(itemId) ?? itemId, revenue, isOther],
    ),
  };
}
