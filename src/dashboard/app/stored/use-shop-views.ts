import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Answer, Row } from '../api/answers.ts';
import { ask, urlOf } from '../api/ask.ts';
import { observe } from '../api/polling.ts';
import type { Problem } from '../api/problem.ts';
import { send } from '../api/send.ts';
import { useShop } from '../shop.ts';

const PATH = '/v1/views';
const MOST = 1_000;
type ShopView = Row<typeof PATH>;

interface ShopViews {
  readonly views: readonly ShopView[];
  /** Where a view is kept: as the key may. */
  readonly place: 'shop' | 'browser';
  readonly wrong: Problem | undefined;
  readonly keep: (name: string, query: string) => Promise<boolean>;
  readonly forget: (id: string) => Promise<void>;
  /** To be given what shows them: they are asked for whenever that comes into sight. */
  readonly watch: (element: Element | null) => void;
}

/** Views that the shop keeps, for all who may read; admins change them. */
export function useShopViews(): ShopViews {
  const [views, setViews] = useState<readonly ShopView[]>([]);
  const [wrong, setWrong] = useState<Problem>();
  const [seen, setSeen] = useState(0);
  const { isAdmin } = useShop();
  const load = async (): Promise<void> => {
    const outcome = await ask<Answer<typeof PATH>>(urlOf(PATH, { limit: MOST }));
    if ('answer' in outcome) setViews(outcome.answer.data);
    else setWrong(outcome.problem);
  };
  useEffect(() => {
    if (seen > 0) void load();
  }, [seen]);
  const change = async (sent: ReturnType<typeof send>): Promise<boolean> => {
    const outcome = await sent;
    setWrong('problem' in outcome ? outcome.problem : undefined);
    await load();
    return !('problem' in outcome);
  };
  const unobserve = useRef<(() => void) | undefined>(undefined);
  const watch = useCallback((element: Element | null): void => {
    unobserve.current?.();
    unobserve.current = element ? observe(element, (isSeen) => setSeen((times) => times + Number(isSeen))) : undefined;
  }, []);
  return {
    views,
    place: isAdmin ? 'shop' : 'browser',
    wrong,
    keep: (name, query) => change(send('POST', PATH, { name, query })),
    forget: async (id) => {
      await change(send('DELETE', `${PATH}/${encodeURIComponent(id)}`));
    },
    watch,
  };
}
