import { useMemo } from 'preact/hooks';
import type { Snapshot } from '../api/answers.ts';
import { useLive } from '../api/live.ts';
import { useLastHour } from '../api/use-last-hour.ts';
import { Chart } from '../charts/chart.tsx';
import { overTime } from '../charts/over-time.ts';
import { useMarks } from '../notes/notes-scope.tsx';
import { Figure } from '../panel/figure.tsx';
import { Unfiltered } from '../panel/unfiltered.tsx';
import { calledInShop } from '../text/events.ts';
import { formatCount, formatDecimal, formatMoney, formatPrecise } from '../text/format.ts';
import { said } from '../words/said.ts';

/** The shop at this second; all that is drawn anew each second is here. */
export function Now() {
  const { snapshot, connection } = useLive();
  return (
    <section class="panel two now" aria-labelledby="now" data-panel="now" data-state={connection}>
      <div>
        <h3 id="now">{said('At this second')}</h3>
        <Unfiltered />
      </div>
      <dl class={connection === 'lost' ? 'figures faded' : 'figures'}>
        <Figure name="active_users" label={said('Active users, 5 min')} value={count(snapshot, 'active_users')} />
        <Figure
          name="events_per_second"
          label={said('Events per second')}
          value={count(snapshot, 'events_per_second')}
        />
        <Figure name="orders_today" label={said('Orders today')} value={count(snapshot, 'orders_today')} />
        <Figure name="revenue_today" label={said('Revenue today')} value={money(snapshot, 'revenue_today')} />
      </dl>
      <LastHour />
      <LastSeconds counts={snapshot?.window.counts ?? {}} />
    </section>
  );
}

type NumberOf = { [K in keyof Snapshot]: Snapshot[K] extends number ? K : never }[keyof Snapshot];

const count = (snapshot: Snapshot | undefined, key: NumberOf): string =>
  snapshot === undefined ? '–' : formatDecimal(snapshot[key]);
const money = (snapshot: Snapshot | undefined, key: NumberOf): string =>
  snapshot === undefined ? '–' : formatMoney(snapshot[key], snapshot.currency);

/** Always the same steps in the same places, so that nothing moves but the numbers. */
const STEPS = ['view_item', 'search', 'add_to_cart', 'begin_checkout', 'purchase'] as const;

function LastSeconds({ counts }: { readonly counts: Snapshot['window']['counts'] }) {
  return (
    <p class="strip" data-strip="leaderboard">
      <span class="quiet">{said('In these five seconds:')}</span>
      {STEPS.map((name) => (
        <span class="chip" key={name}>
          {calledInShop(name)} <b>{formatCount(counts[name] ?? 0)}</b>
        </span>
      ))}
    </p>
  );
}

function LastHour() {
  const { halves, watch } = useLastHour();
  const timeline = useMemo(() => {
    const starts = halves?.map(({ start }) => start) ?? [];
    return { starts, interval: '30s', over: starts.length, begun: starts.length } as const;
  }, [halves]);
  const marked = useMarks(timeline);
  const option = useMemo(() => {
    const values = halves?.map(({ events }) => events / 30) ?? [];
    return overTime(timeline, [{ name: said('Events per second'), values }], { write: formatPrecise, marked });
  }, [timeline, marked]);
  return (
    <div ref={watch} class="last-hour">
      <p class="hint">{said('Events per second, half minutes of the last hour')}</p>
      <Chart label={said('Events per second over the last hour')} option={option} marked={marked} height={110} />
    </div>
  );
}
