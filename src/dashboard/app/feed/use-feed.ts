import { useEffect, useRef, useState } from 'preact/hooks';
import type { Snapshot } from '../api/answers.ts';
import { useLive } from '../api/live.ts';
import { answerOf, useAnswer } from '../api/use-answer.ts';
import { useShop } from '../shop.ts';
import { cartsOf, type Happening, ordersBetween, told } from './feed.ts';

const CARTS_MS = 5_000;
const NAMES_MS = 5 * 60_000;

interface Feed {
  readonly happenings: readonly Happening[];
  readonly nameOf: (itemId: string) => string;
  readonly watch: (element: Element | null) => void;
}

/** Orders and carts as they come. Who may not see people's carts sees orders alone. */
export function useFeed(): Feed {
  const { snapshot } = useLive();
  const { today } = useShop();
  const [happenings, setHappenings] = useState<readonly Happening[]>([]);
  const last = useRef<Snapshot>(undefined);
  useEffect(() => {
    if (snapshot === undefined) return;
    const orders = ordersBetween(last.current, snapshot);
    last.current = snapshot;
    if (orders) setHappenings((known) => told(known, [orders]));
  }, [snapshot]);
  const day = { from: today, to: today };
  const loaded = useAnswer('/v1/abandonment/carts', { ...day, status: 'open', limit: 12 }, { everyMs: CARTS_MS });
  const carts = answerOf(loaded)?.data;
  useEffect(() => {
    if (carts) setHappenings((known) => told(known, cartsOf(carts)));
  }, [carts]);
  const products = useAnswer('/v1/products', { ...day, sort: 'carts', limit: 500 }, { everyMs: NAMES_MS });
  const rows = answerOf(products)?.data ?? [];
  const nameOf = (itemId: string): string => rows.find(({ item_id }) => item_id === itemId)?.item_name || itemId;
  return { happenings, nameOf, watch: loaded.watch };
}
