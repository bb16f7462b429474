import { z } from 'zod';
import type { Fields } from '../../events/forms/fields.ts';
import { hookEventId } from '../../events/ids/hook-event-id.ts';
import { RUNNING_SESSION } from '../../events/running-session.ts';
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
  /** Of each item. A shop's SKU may be any text: as the name of a member, some mean something else. */
  quantities: z.array(z.tuple([z.string(), z.number()])).default([]),
});
type Known = z.infer<typeof knownSchema>;

/** Of one item: how many more there are, or fewer. */
interface Change {
  readonly id: string;
  readonly line: Fields;
  readonly before: number;
  readonly now: number;
}

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
  if (atMs < known.atMs) return { events: [], knownWith: () => JSON.stringify(known) };
  const changes = changesOf(report, new Map(known.quantities));
  const news = [
    { name: 'add_to_cart', of: changes.filter(({ before, now }) => now > before) },
    { name: 'remove_from_cart', of: changes.filter(({ before, now }) => now < before) },
  ].filter(({ of }) => of.length > 0);
  return {
    events: news.map(({ name, of }) => changeOf(report, name, of)),
    knownWith(isTaken) {
      const taken = news.flatMap(({ of }, index) => (isTaken(index) ? of : []));
      const quantities = new Map([...known.quantities, ...taken.map(({ id, now }): [string, number] => [id, now])]);
      return JSON.stringify({ atMs, quantities: [...quantities].filter(([, now]) => now !== 0) } satisfies Known);
    },
  };
}

function changesOf(report: CartReport, known: ReadonlyMap<string, number>): Change[] {
  const lines = byItem(report.lines);
  return [...new Set([...known.keys(), ...lines.keys()])].map((id) => {
    const { line, quantity: now } = lines.get(id) ?? { line: { item_id: id }, quantity: 0 };
    return { id, line, before: known.get(id) ?? 0, now };
  });
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

function changeOf({ way, id, updatedAt: timestamp, shared }: CartReport, name: string, changes: readonly Change[]) {
  const items = changes.map(({ line, before, now }) => ({ ...line, quantity: Math.abs(now - before) }));
  // A cart may change twice within the second that its shop writes.
  const part = JSON.stringify([String(timestamp), changes.map((change) => [change.id, change.before, change.now])]);
  return given({
    session_id: RUNNING_SESSION,
    ...shared,
    name,
    timestamp,
    items,
    event_id: hookEventId(way, name, id, part),
  });
}
