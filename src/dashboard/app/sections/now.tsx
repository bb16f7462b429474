import type { Snapshot } from '../api/answers.ts';
import { answerOf, useAnswer } from '../api/ask.ts';
import type { Live } from '../api/live.ts';
import { Chart, overTime } from '../charts/chart.tsx';
import { Figure } from '../panel/figure.tsx';
import { Panel } from '../panel/panel.tsx';
import { formatCount, formatMoney } from '../text/format.ts';
import { clock } from '../text/time.ts';

const SAYS = { connecting: 'Connecting …', live: 'Live', lost: 'Connection lost; trying again' };

/** The shop at this second. */
export function Now({ live, theme }: { readonly live: Live; readonly theme: string }) {
  const { snapshot, connection } = live;
  const counts = Object.entries(snapshot?.window.counts ?? {});
  return (
    <section class="panel wide now" aria-labelledby="now" data-panel="now" data-state={connection}>
      <header>
        <h2 id="now">Now</h2>
        <p class={`connection ${connection}`} role="status">
          <span class="dot" aria-hidden="true" /> {SAYS[connection]}
        </p>
      </header>
      <dl class={connection === 'lost' ? 'figures faded' : 'figures'}>
        <Figure name="active_users" label="Active users, 5 min" value={count(snapshot, 'active_users')} />
        <Figure name="events_per_second" label="Events per second" value={count(snapshot, 'events_per_second')} />
        <Figure name="orders_today" label="Orders today" value={count(snapshot, 'orders_today')} />
        <Figure name="revenue_today" label="Revenue today" value={money(snapshot, 'revenue_today')} />
        <Figure name="open_carts" label="Open carts" value={count(snapshot, 'open_carts')} />
        <Figure name="open_carts_value" label="In open carts" value={money(snapshot, 'open_carts_value')} />
      </dl>
      <LastHour theme={theme} />
      <p class="strip" data-strip="leaderboard">
        <span class="quiet">The last five seconds:</span>
        {counts.length === 0 && <span>nothing happened</span>}
        {counts
          .sort(([, a], [, b]) => b - a)
          .slice(0, 8)
          .map(([name, n]) => (
            <span class="chip" key={name}>
              {name} <b>{formatCount(n)}</b>
            </span>
          ))}
      </p>
    </section>
  );
}

type NumberOf = { [K in keyof Snapshot]: Snapshot[K] extends number ? K : never }[keyof Snapshot];

const count = (snapshot: Snapshot | undefined, key: NumberOf): string =>
  snapshot === undefined ? '–' : formatCount(Math.round(snapshot[key] * 10) / 10);
const money = (snapshot: Snapshot | undefined, key: NumberOf): string =>
  snapshot === undefined ? '–' : formatMoney(snapshot[key], snapshot.currency);

/** Windows of five seconds, added up to half minutes. */
function LastHour({ theme }: { readonly theme: string }) {
  const loaded = useAnswer('/v1/leaderboard', { limit: 720 });
  if (loaded.state !== 'loaded') return <p class="state">Loading …</p>;
  const windows = loaded.answer.data.windows.toReversed();
  const sums: { start: string; n: number }[] = [];
  windows.forEach((window, i) => {
    const n = sumOf(Object.values(window.counts));
    const last = sums.at(-1);
    if (i % 6 === 0 || last === undefined) sums.push({ start: window.start, n: n / 30 });
    else last.n += n / 30;
  });
  const labels = sums.map(({ start }) => clock(start, 'hour'));
  const values = sums.map(({ n }) => Math.round(n * 10) / 10);
  const option = overTime(labels, [{ name: 'Events per second', values }], formatCount);
  return <Chart label="Events per second over the last hour" option={option} theme={theme} height={120} />;
}

const sumOf = (counts: readonly number[]): number => counts.reduce((sum, n) => sum + n, 0);

const mostFrequent = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .slice(0, 3)
    .map(([name, n]) => `${name} ${n}`)
    .join(', ') || '–';

/** Actions in windows of five seconds, newest first. */
export function Leaderboard({ currency }: { readonly currency: string }) {
  const loaded = useAnswer('/v1/leaderboard', { limit: 12 });
  return (
    <Panel
      title="Leaderboard"
      hint="What happened in the last minute, five seconds at a time"
      loaded={loaded}
      currency={currency}
      empty="Nothing has happened yet."
      columns={[
        { key: 'start', label: 'From', as: 'text', of: ({ start }) => start.slice(11, 19) },
        { key: 'all', label: 'Actions', as: 'count', bar: true, of: ({ counts }) => sumOf(Object.values(counts)) },
        { key: 'most', label: 'Most frequent', as: 'text', of: ({ counts }) => mostFrequent(counts) },
      ]}
      rows={answerOf(loaded)?.data.windows ?? []}
    />
  );
}
