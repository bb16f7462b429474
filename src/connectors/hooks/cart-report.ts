import { z } from 'zod';
import type { Fields } from '../../events/forms/fields.ts';
import { hookEventId } from '../../events/ids/hook-event-id.ts';
import type { Mapped, News } from '../connector.ts';
import { given, idText } from '../mapping.ts';

/** A cart with all that lies in it: shops send the whole of it at every change. */
export interface CartReport {
  readonly way: string;
  readonly id: string;
  readonly updatedAt: unknown;
  /** Visitor and currency. */
  readonly shared: Fields;
  /** As an event has them. */
  readonly lines: readonly Fields[];
}

const knownSchema = z.object({
  atMs: z.number().default(0),
  quantities: z.record(z.string(), z.number()).default({}),
});
type Known = z.infer<typeof knownSchema>;

/** What was put into the cart, and what was taken out, since it was reported last. */
export function cartReport(report: CartReport): Mapped {
  return {
    outcome: 'report',
    about: `${report.way}:cart:${report.id}`,
    newsOf: (text) => newsOf(report, knownSchema.parse(JSON.parse(text ?? '{}'))),
  };
}

function newsOf(report: CartReport, known: Known): News {
  const atMs = Date.parse(String(report.updatedAt)) || 0;
  // Deliveries may overtake each other.
  if (atMs < known.atMs) return { events: [], known: JSON.stringify(known) };
  const lines = byItem(report.lines);
  const quantities = Object.fromEntries([...lines].map(([id, { quantity }]) => [id, quantity]));
  const changes = [...new Set([...Object.keys(known.quantities), ...lines.keys()])].map((id) => ({
    line: lines.get(id)?.line ?? { item_id: id },
    by: (quantities[id] ?? 0) - (known.quantities[id] ?? 0),
  }));
  const events = [
    changeOf(report, 'add_to_cart', changes),
    changeOf(
      report,
      'remove_from_cart',
      changes.map(({ line, by }) => ({ line, by: -by })),
    ),
  ].filter((event) => event !== undefined);
  return { events, known: JSON.stringify({ atMs, quantities } satisfies Known) };
}

/** A cart may hold an item in several lines. */
function byItem(lines: readonly Fields[]): Map<string, { line: Fields; quantity: number }> {
  const items = new Map<string, { line: Fields; quantity: number }>();
  for (const line of lines) {
    const id = idText(line['item_id']);
    const { quantity } = line;
    if (id === undefined || typeof quantity !== 'number') continue;
    items.set(id, { line, quantity: (items.get(id)?.quantity ?? 0) + quantity });
  }
  return items;
}

function changeOf(
  report: CartReport,
  name: string,
  changes: readonly { readonly line: Fields; readonly by: number }[],
): Fields | undefined {
  const items = changes.filter(({ by }) => by > 0).map(({ line, by }) => ({ ...line, quantity: by }));
  const { way, id, updatedAt: timestamp, shared } = report;
  if (items.length === 0) return undefined;
  return given({ ...shared, name, timestamp, items, event_id: hookEventId(way, name, id, String(timestamp)) });
}
