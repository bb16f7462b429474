import { useEffect, useState } from 'preact/hooks';
import type { Answer } from '../api/answers.ts';
import { ask, urlOf } from '../api/ask.ts';
import { answerOf, useAnswer } from '../api/use-answer.ts';
import { useShop } from '../shop.ts';
import { addDays } from '../text/time.ts';
import type { Repriced } from './price-finding.ts';

const PATH = '/v1/inventory/{item_id}/price-impact';
const EVERY_MS = 10 * 60_000;
/** Of the products that are most ordered; the others have too few orders to tell. */
const MOST = 5;
/** A whole day behind a change has to be over. */
const DAYS = 3;

interface PriceImpacts {
  readonly changes: readonly Repriced[];
  readonly period: { readonly from: string; readonly to: string };
}

/** What became of the best sellers whose price was changed lately. */
export function usePriceImpacts(): PriceImpacts {
  const { today, currency } = useShop();
  const [changes, setChanges] = useState<readonly Repriced[]>([]);
  const period = { from: addDays(today, -DAYS), to: today };
  const query = { ...period, currency } as const;
  const best = useAnswer('/v1/products', { ...query, sort: 'orders', limit: MOST }, { everyMs: EVERY_MS });
  const items = answerOf(best)?.data;
  useEffect(() => {
    const left = new AbortController();
    const changesOf = async (item: { readonly item_id: string; readonly item_name: string | null }) => {
      const url = urlOf(PATH, { ...query, limit: MOST }, { item_id: item.item_id });
      const outcome = await ask<Answer<typeof PATH>>(url, left.signal);
      return 'problem' in outcome ? [] : outcome.answer.data.map((change) => ({ ...item, ...change }));
    };
    Promise.all((items ?? []).map(changesOf)).then(
      (found) => {
        if (!left.signal.aborted) setChanges(found.flat());
      },
      () => setChanges([]),
    );
    return () => left.abort();
  }, [items]);
  return { changes, period };
}
