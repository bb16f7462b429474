import { z } from 'zod';

/** What is wrong with an order. */
const kind = z.enum(['missing', 'too_many', 'other_amount']);
export type Kind = z.infer<typeof kind>;

/**
 * Why, where it can be told. `never-sent`: the log never had it. `refused`: it is a dead letter. `other-date`: counted outside the period.
 * `duplicate`: a repeat of another event. `taken-back`: another report of it stayed. `counted-twice`: reported for several visitors.
 */
const reason = z.enum([
  'never-sent',
  'refused',
  'duplicate',
  'taken-back',
  'other-date',
  'test-order',
  'before-archive',
  'counted-twice',
  'voided',
  'bot',
  'erased',
  'currency',
  'shipping-and-tax',
  'discount',
]);
export type Reason = z.infer<typeof reason>;

const amount = z.object({ amount: z.number(), currency: z.string() });

/** An order that the books and the answers do not agree on. */
export const differentOrder = z.object({
  order_id: z.string(),
  kind,
  reason: reason.nullable(),
  /** Why it was refused, or on which date it counts. */
  detail: z.string().optional(),
  /** Of the books; of the answers where the books do not have it. */
  date: z.string(),
  channel: z.string().nullable(),
  reporter: z.string().nullable(),
  ledger: amount.nullable(),
  counted: amount.nullable(),
});
export type DifferentOrder = z.infer<typeof differentOrder>;

/** `orders` are those of the books. */
const told = {
  orders: z.int(),
  counted: z.int(),
  same: z.int(),
  missing: z.int(),
  too_many: z.int(),
  other_amount: z.int(),
  revenue: z.array(z.object({ currency: z.string(), ledger: z.number(), counted: z.number() })).readonly(),
};
const toldSchema = z.object(told);
export type Told = Readonly<z.infer<typeof toldSchema>>;

export const reconciliation = z.object({
  id: z.string(),
  made_at: z.string(),
  format: z.string(),
  from: z.string(),
  to: z.string(),
  /** Orders of the books that lie outside the period. */
  outside: z.int(),
  ...told,
  by_day: z.array(z.object({ date: z.string(), ...told })).readonly(),
  by_channel: z.array(z.object({ channel: z.string().nullable(), ...told })).readonly(),
  by_reporter: z.array(z.object({ reporter: z.string().nullable(), ...told })).readonly(),
  reasons: z.array(z.object({ kind, reason: reason.nullable(), orders: z.int() })).readonly(),
  /** How many orders are listed, and whether there are more. */
  listed: z.int(),
  cut: z.boolean(),
});
export type Reconciliation = Readonly<z.infer<typeof reconciliation>>;

/** Reconciliations that are kept, the newest ones. */
export interface ReconciliationStore {
  keep(made: Reconciliation, rows: readonly DifferentOrder[]): Promise<void>;
  /** Newest first. */
  list(limit: number): Promise<Reconciliation[]>;
  find(id: string): Promise<Reconciliation | undefined>;
  /** So many of its rows, behind the first `skipped`. */
  rows(id: string, skipped: number, limit: number): Promise<DifferentOrder[]>;
}
