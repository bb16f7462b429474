import { useCallback } from 'preact/hooks';
import type { Data } from '../api/answers.ts';
import { answerOf, useAnswer } from '../api/use-answer.ts';

const NAMES_MS = 5 * 60_000;
const NONE: Data<'/v1/products'> = [];

interface ItemNames {
  /** What a product is called, or its id where it is not among those that were most put into carts. */
  readonly nameOf: (itemId: string) => string;
  readonly watch: (element: Element | null) => void;
}

/** Names for what is told with ids alone. */
export function useItemNames(period: { readonly from: string; readonly to: string }): ItemNames {
  const loaded = useAnswer('/v1/products', { ...period, sort: 'carts', limit: 500 }, { everyMs: NAMES_MS });
  const rows = answerOf(loaded)?.data ?? NONE;
  const nameOf = useCallback(
    (itemId: string): string => rows.find(({ item_id }) => item_id === itemId)?.item_name || itemId,
    [rows],
  );
  return { nameOf, watch: loaded.watch };
}
