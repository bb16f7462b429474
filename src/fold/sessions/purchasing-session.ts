import type { Dictionaries } from '../../metrics/sums/dictionaries.ts';
import { StoredTuple } from '../state/stored-tuple.ts';

/**
 * What is known of a session with an order for as long as a report of the order may be taken back, which is longer than the session itself is
 * known. There is one where the order does not say all of it: another report came in the session or was taken back, it took on
 * another value, it went over to the user, or it joined an earlier one.
 */
export type PurchasingSession =
  | {
      readonly kind: 'counts';
      /** Lane time. */
      readonly atMs: number;
      /** The combination of values as which it counts. */
      readonly dimensions: number;
      /** Of orders that it has, by their hashes; it is a purchasing one while there are any. */
      readonly reports: readonly string[];
    }
  | {
      readonly kind: 'joined';
      readonly atMs: number;
      /** When the one began that it has joined. */
      readonly intoMs: number;
    };

/** `[lane time, [value, …], [report, …]]`, or `[lane time, when the one began that it has joined]` */
export function encodePurchasing(known: PurchasingSession, { values }: Dictionaries): string {
  if (known.kind === 'joined') return JSON.stringify([known.atMs, known.intoMs]);
  return JSON.stringify([known.atMs, values.textsOf(known.dimensions), known.reports]);
}

export function decodePurchasing(text: string, { values }: Dictionaries): PurchasingSession {
  const stored = StoredTuple.parse(text);
  const atMs = stored.number(0);
  if (!stored.has(2)) return { kind: 'joined', atMs, intoMs: stored.number(1) };
  return { kind: 'counts', atMs, dimensions: values.ofTexts(stored.texts(1)), reports: stored.texts(2) };
}
