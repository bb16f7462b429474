import type { Data } from '../api/answers.ts';
import type { Timeline } from '../charts/timeline.ts';
import { addUp, fairly } from './fairly.ts';

type Answer = Data<'/v1/revenue'>;
type Point = Answer['series'][number];

/** Sales of both periods as far as they can be compared. */
export function fairMoney(now: Answer, before: Answer | undefined, timeline: Timeline) {
  const isOneCurrency = [now, before].every((one) =>
    (one?.currencies ?? []).every(({ currency }) => currency === now.currency),
  );
  const sum = (points: readonly Point[]) => {
    const [revenue, orders] = [addUp(points, 'revenue'), addUp(points, 'orders')];
    // Orders are of all currencies, so their average is known only where there is one.
    const average = isOneCurrency && orders > 0 ? revenue / orders : null;
    return { revenue, orders, refunds: addUp(points, 'refunds'), average_order_value: average };
  };
  return fairly<ReturnType<typeof sum>, Point>({ timeline, now, before, sum });
}
