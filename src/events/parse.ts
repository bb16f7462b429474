import { z } from '@hono/zod-openapi';
import type { InventoryEvent, LogEvent, ShopEvent } from './event.ts';
import { isSurelyValid } from './fast-validate.ts';
import { plainError } from './plain-error.ts';
import { isInventory, schemaOf, type WireEvent, type WireInventoryEvent, type WireShopEvent } from './schema.ts';
import { foldTerm } from './search-term.ts';

/** How far an event's own time may run ahead of its arrival. */
export const MAX_AHEAD_MS = 5 * 60_000;
export const UNKNOWN_CITY = 'unknown';

type Rejection = {
  readonly outcome: 'rejected';
  readonly path: string;
  readonly message: string;
  readonly eventId?: string;
};
type Validated = { readonly outcome: 'valid'; readonly event: WireEvent; readonly timestampMs: number } | Rejection;

const rejected = (path: string, message: string): Rejection => ({ outcome: 'rejected', path, message });

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** GA4's data-layer form says `event` and nests the shop's fields in `ecommerce`. */
function flattenDataLayer(input: Record<string, unknown>): Record<string, unknown> {
  if (input['name'] !== undefined || typeof input['event'] !== 'string') return input;
  const { event, ecommerce, ...rest } = input;
  return { ...(isObject(ecommerce) ? ecommerce : {}), ...rest, name: event };
}

function pathOf(issue: z.core.$ZodIssue, dataLayer: boolean): string {
  const path = issue.path.join('.');
  return dataLayer && path === 'name' ? 'event' : path;
}

/**
 * Checks one event against the contract.
 * @param arrivedAtMs when it reached the server or the log; stands in for an absent timestamp
 */
export function validateEvent(input: unknown, arrivedAtMs: number): Validated {
  if (!isObject(input)) return rejected('', 'must be a JSON object');
  const flat = flattenDataLayer(input);
  const checked = isSurelyValid(flat) ? { outcome: 'good' as const, event: flat } : check(flat, flat !== input);
  if (checked.outcome === 'rejected') return checked;
  const { event } = checked;
  const timestampMs = timeOf(event.timestamp, arrivedAtMs);
  const problem = timeProblem(timestampMs, arrivedAtMs);
  if (problem === undefined) return { outcome: 'valid', event, timestampMs };
  const rejection = rejected('timestamp', problem);
  return event.event_id === undefined ? rejection : { ...rejection, eventId: event.event_id };
}

function check(
  flat: Record<string, unknown>,
  dataLayer: boolean,
): { readonly outcome: 'good'; readonly event: WireEvent } | Rejection {
  const result = schemaOf(flat['name']).safeParse(flat, { error: plainError });
  if (result.success) return { outcome: 'good', event: result.data };
  const issue = result.error.issues[0];
  const id = flat['event_id'];
  const rejection = rejected(issue ? pathOf(issue, dataLayer) : '', issue?.message ?? 'is not an event');
  return typeof id === 'string' && id.length <= 64 ? { ...rejection, eventId: id } : rejection;
}

function timeOf(timestamp: string | number | undefined, arrivedAtMs: number): number {
  if (timestamp === undefined) return arrivedAtMs;
  return typeof timestamp === 'number' ? timestamp : Date.parse(timestamp);
}

function timeProblem(timestampMs: number, arrivedAtMs: number): string | undefined {
  if (!Number.isFinite(timestampMs) || timestampMs < 0) return 'must be a moment after 1970-01-01T00:00:00Z';
  if (timestampMs > arrivedAtMs + MAX_AHEAD_MS) return 'is more than 5 minutes after arrival';
  return undefined;
}

const controlSchema = z.union([
  z.object({ control: z.literal('tick'), at: z.int().min(0) }),
  z.object({ control: z.literal('close') }),
  z.object({ control: z.literal('erase'), user_id: z.string().min(1).max(128) }),
]);

interface RecordContext {
  readonly arrivedAtMs: number;
  /** Given to an event that carries none; derived from its place in the log so that a replay gives the same. */
  readonly fallbackEventId: () => string;
  readonly storeCurrency: string;
}

type ParsedRecord = { readonly outcome: 'parsed'; readonly event: LogEvent } | Rejection;

/** Parses one record of the log: an event as clients send them, or a control record. */
export function parseRecord(input: unknown, context: RecordContext): ParsedRecord {
  if (isObject(input) && input['control'] !== undefined) return parseControl(input, context);
  const validated = validateEvent(input, context.arrivedAtMs);
  if (validated.outcome === 'rejected') return validated;
  const { event, timestampMs } = validated;
  const parsed = isInventory(event)
    ? toInventoryEvent(event, timestampMs, context)
    : toShopEvent(event, timestampMs, context);
  return { outcome: 'parsed', event: parsed };
}

function parseControl(input: Record<string, unknown>, context: RecordContext): ParsedRecord {
  const result = controlSchema.safeParse(input);
  if (!result.success) return rejected('control', 'is not a control record that this version knows');
  if (result.data.control === 'close') return { outcome: 'parsed', event: { kind: 'close' } };
  if (result.data.control === 'erase')
    return { outcome: 'parsed', event: { kind: 'erase', userId: result.data.user_id } };
  const problem = timeProblem(result.data.at, context.arrivedAtMs);
  return problem === undefined
    ? { outcome: 'parsed', event: { kind: 'tick', atMs: result.data.at } }
    : rejected('at', problem);
}

function toShopEvent(event: WireShopEvent, timestampMs: number, context: RecordContext): ShopEvent {
  return {
    kind: 'shop',
    eventId: event.event_id ?? context.fallbackEventId(),
    name: event.name,
    timestampMs,
    userId: event.user_id,
    sessionId: event.session_id,
    city: event.city ?? UNKNOWN_CITY,
    currency: event.currency ?? context.storeCurrency,
    value: event.value,
    items: (event.items ?? []).map((item) => ({
      itemId: item.item_id,
      itemName: item.item_name,
      price: item.price ?? 0,
      quantity: item.quantity ?? 1,
    })),
    transactionId: event.transaction_id,
    paymentType: event.payment_type,
    searchTerm: event.search_term === undefined ? '' : foldTerm(event.search_term),
    resultsCount: event.results_count,
  };
}

function toInventoryEvent(event: WireInventoryEvent, timestampMs: number, context: RecordContext): InventoryEvent {
  return {
    kind: 'inventory',
    eventId: event.event_id ?? context.fallbackEventId(),
    name: event.name,
    timestampMs,
    itemId: event.item_id,
    stockLevel: event.name === 'stock_update' ? event.stock_level : undefined,
    price: event.name === 'price_change' ? event.price : undefined,
    currency: (event.name === 'price_change' ? event.currency : undefined) ?? context.storeCurrency,
  };
}
