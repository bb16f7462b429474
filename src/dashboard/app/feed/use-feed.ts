import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Snapshot } from '../api/answers.ts';
import { useLive } from '../api/live.ts';
import { answerOf, useAnswer } from '../api/use-answer.ts';
import { useItemNames } from '../sections/use-item-names.ts';
import { useShop } from '../shop.ts';
import { cartsMoved, cartsOf, type Happening, ordersBetween, told } from './feed.ts';

const CARTS_MS = 5_000;
/** What the snapshots do not show is looked for so often. */
const SURELY_MS = 60_000;

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
  const news = useRef({ isThere: false, askedAtMs: Date.now() });
  // In the frame in which the snapshot is drawn, not in one more behind it.
  useLayoutEffect(() => {
    if (snapshot === undefined) return;
    const orders = ordersBetween(last.current, snapshot);
    if (cartsMoved(last.current, snapshot)) news.current.isThere = true;
    last.current = snapshot;
    if (orders) setHappenings((known) => told(known, [orders]));
  }, [snapshot]);
  const hasNews = (): boolean => {
    const { isThere, askedAtMs } = news.current;
    const isWorth = isThere || Date.now() - askedAtMs >= SURELY_MS;
    if (isWorth) news.current = { isThere: false, askedAtMs: Date.now() };
    return isWorth;
  };
  const day = { from: today, to: today };
  const options = { everyMs: CARTS_MS, hasNews };
  const loaded = useAnswer('/v1/abandonment/carts', { ...day, status: 'open', limit: 12 }, options);
  const carts = answerOf(loaded)?.data;
  useEffect(() => {
    if (carts) setHappenings((known) => told(known, cartsOf(carts)));
  }, [carts]);
  const names = useItemNames(day);
  const { watch } = loaded;
  const watchBoth = useCallback((element: Element | null) => {
    watch(element);
    names.watch(element);
  }, []);
  return { happenings, nameOf: names.nameOf, watch: watchBoth };
}
