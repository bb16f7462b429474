import { useState } from 'preact/hooks';
import { useAnswer } from '../api.ts';
import { Chart, overTime } from '../chart.tsx';
import { clock, maybe, num, type Row, rowOf, rowsOf } from '../data.ts';
import { formatCount, formatRate, formatSeconds } from '../format.ts';
import { changeOf, Figure, Panel } from '../panel.tsx';
import { periodParams } from '../view.ts';
import { intervalOf, type SectionProps } from './context.ts';

/** Sessions, and what visitors look for. */
export function Visitors({ view, currency, theme }: SectionProps) {
  const interval = intervalOf(view);
  const [by, setBy] = useState('count');
  const sessions = useAnswer('/v1/sessions', { ...periodParams(view), city: view.city, interval });
  const searches = useAnswer('/v1/searches', { from: view.from, to: view.to, by, limit: 10 });
  return (
    <>
      <Panel
        title="Sessions"
        hint="By the time in which they began"
        span={2}
        loaded={sessions}
        currency={currency}
        empty="Nobody has visited in this period."
        show={({ data, previous }) => {
          const answer = rowOf(data);
          const rows = rowsOf(answer['series']).map((point) => ({ ...point, start: clock(point['start'], interval) }));
          const values = (key: string): (number | null)[] => rows.map((row: Row) => maybe(row[key]));
          const lines = [
            { name: 'Sessions', values: values('sessions') },
            { name: 'New users', values: values('new_users') },
          ];
          const option = overTime(
            rows.map(({ start }) => start),
            lines,
            formatCount,
          );
          return {
            columns: [
              { key: 'start', label: 'From', as: 'text' },
              { key: 'sessions', label: 'Sessions', as: 'count' },
              { key: 'new_users', label: 'New users', as: 'count' },
              { key: 'returning_users', label: 'Returning users, about', as: 'count' },
              { key: 'bounce_rate', label: 'Bounced', as: 'rate' },
              { key: 'events_per_session', label: 'Events each', as: 'decimal' },
              { key: 'average_session_seconds', label: 'Lasted', as: 'seconds' },
            ],
            rows: num(answer['sessions']) === 0 ? [] : rows,
            figures: <SessionFigures row={answer} before={rowOf(previous)} />,
            chart: <Chart label="Sessions and new users over time" option={option} theme={theme} height={180} />,
          };
        }}
      />
      <Panel
        title="Searches"
        hint="All cities"
        loaded={searches}
        currency={currency}
        empty={by === 'no_results' ? 'Every search found something.' : 'Nobody has searched in this period.'}
        controls={
          <select aria-label="Which searches" value={by} onChange={(e) => setBy(e.currentTarget.value)}>
            <option value="count">most frequent</option>
            <option value="no_results">without results</option>
            <option value="clicks">followed by a click</option>
          </select>
        }
        show={({ data }) => ({
          columns: [
            { key: 'search_term', label: 'Term', as: 'text' },
            { key: 'count', label: 'Searches', as: 'count', bar: by === 'count' },
            { key: 'no_results', label: 'Without results', as: 'count', bar: by === 'no_results' },
            { key: 'click_through_rate', label: 'Followed', as: 'rate', bar: by === 'clicks' },
          ],
          rows: rowsOf(data),
        })}
      />
    </>
  );
}

function SessionFigures({ row, before }: { readonly row: Row; readonly before: Row }) {
  const change = changeOf(row, before);
  const rate = maybe(row['bounce_rate']);
  const seconds = maybe(row['average_session_seconds']);
  return (
    <dl class="figures">
      <Figure name="sessions" label="Sessions" value={formatCount(num(row['sessions']))} change={change('sessions')} />
      <Figure
        name="new_users"
        label="New users"
        value={formatCount(num(row['new_users']))}
        change={change('new_users')}
      />
      <Figure label="Returning, about" value={formatCount(num(row['returning_users']))} />
      <Figure label="Bounce rate" value={rate === null ? '–' : formatRate(rate)} change={change('bounce_rate')} />
      <Figure label="Average length" value={seconds === null ? '–' : formatSeconds(seconds)} />
    </dl>
  );
}
