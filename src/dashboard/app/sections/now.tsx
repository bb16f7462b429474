import { useAnswer } from '../api.ts';
import { Chart, overTime } from '../chart.tsx';
import { clock, num, type Row, rowOf, rowsOf, text } from '../data.ts';
import { formatCount, formatMoney } from '../format.ts';
import type { Live } from '../live.ts';
import { Figure, Panel } from '../panel.tsx';

const SAYS = { connecting: 'Connecting …', live: 'Live', lost: 'Connection lost; trying again' };

/** The shop at this second. */
export function Now({ live, theme }: { readonly live: Live; readonly theme: string }) {
  const { snapshot, connection } = live;
  const currency = text(snapshot?.['currency']) || 'USD';
  const counts = Object.entries(rowOf(rowOf(snapshot?.['window'])['counts']));
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
        <Figure name="revenue_today" label="Revenue today" value={money(snapshot, 'revenue_today', currency)} />
        <Figure name="open_carts" label="Open carts" value={count(snapshot, 'open_carts')} />
        <Figure name="open_carts_value" label="In open carts" value={money(snapshot, 'open_carts_value', currency)} />
      </dl>
      <LastHour theme={theme} />
      <p class="strip" data-strip="leaderboard">
        <span class="quiet">The last five seconds:</span>
        {counts.length === 0 && <span>nothing happened</span>}
        {counts
          .sort(([, a], [, b]) => num(b) - num(a))
          .slice(0, 8)
          .map(([name, n]) => (
            <span class="chip" key={name}>
              {name} <b>{formatCount(num(n))}</b>
            </span>
          ))}
      </p>
    </section>
  );
}

const count = (snapshot: Row | undefined, key: string): string =>
  snapshot === undefined ? '–' : formatCount(Math.round(num(snapshot[key]) * 10) / 10);
const money = (snapshot: Row | undefined, key: string, currency: string): string =>
  snapshot === undefined ? '–' : formatMoney(num(snapshot[key]), currency);

/** Windows of five seconds, added up to half minutes. */
function LastHour({ theme }: { readonly theme: string }) {
  const loaded = useAnswer('/v1/leaderboard', { limit: 720 });
  if (loaded.state !== 'loaded') return <p class="state">Loading …</p>;
  const windows = rowsOf(rowOf(loaded.answer.data)['windows']).toReversed();
  const sums: { start: string; n: number }[] = [];
  windows.forEach((window, i) => {
    const n = Object.values(rowOf(window['counts'])).reduce<number>((sum, one) => sum + num(one), 0);
    const last = sums.at(-1);
    if (i % 6 === 0 || last === undefined) sums.push({ start: text(window['start']), n: n / 30 });
    else last.n += n / 30;
  });
  const labels = sums.map(({ start }) => clock(start, 'hour'));
  const values = sums.map(({ n }) => Math.round(n * 10) / 10);
  const option = overTime(labels, [{ name: 'Events per second', values }], formatCount);
  return <Chart label="Events per second over the last hour" option={option} theme={theme} height={120} />;
}

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
      show={({ data }) => {
        const windows = rowsOf(rowOf(data)['windows']);
        const rows = windows.map((window) => {
          const counts = Object.entries(rowOf(window['counts']));
          const all = counts.reduce((sum, [, n]) => sum + num(n), 0);
          const most = counts.slice(0, 3).map(([name, n]) => `${name} ${num(n)}`);
          return { start: text(window['start']).slice(11, 19), all, most: most.join(', ') || '–' };
        });
        return {
          columns: [
            { key: 'start', label: 'From', as: 'text' },
            { key: 'all', label: 'Actions', as: 'count', bar: true },
            { key: 'most', label: 'Most frequent', as: 'text' },
          ],
          rows,
        };
      }}
    />
  );
}
