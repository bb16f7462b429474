import { useState } from 'preact/hooks';
import type { Data } from '../api/answers.ts';
import { answerOf, useAnswer } from '../api/ask.ts';
import { Chart, overTime } from '../charts/chart.tsx';
import { changeOf, Figure } from '../panel/figure.tsx';
import { Panel } from '../panel/panel.tsx';
import { formatCount, formatRate, formatSeconds } from '../text/format.ts';
import { clock } from '../text/time.ts';
import { oneOf, periodParams } from '../view.ts';
import { intervalOf, type SectionProps } from './section.ts';

type Answer = Data<'/v1/sessions'>;
type Series = NonNullable<Answer['series']>;

/** Sessions, and what visitors look for. */
export function Visitors(props: SectionProps) {
  return (
    <>
      <Sessions {...props} />
      <Searches {...props} />
    </>
  );
}

function Sessions({ view, currency, theme }: SectionProps) {
  const interval = intervalOf(view);
  const loaded = useAnswer('/v1/sessions', { ...periodParams(view), city: view.city, interval });
  const { data, previous } = answerOf(loaded) ?? {};
  const series = (data?.series ?? []).map((point) => ({ ...point, start: clock(point.start, interval) }));
  const chart = (
    <Chart label="Sessions and new users over time" option={sessionsOption(series)} theme={theme} height={180} />
  );
  return (
    <Panel
      title="Sessions"
      hint="By the time in which they began"
      span={2}
      loaded={loaded}
      currency={currency}
      empty="Nobody has visited in this period."
      columns={[
        { key: 'start', label: 'From', as: 'text' },
        { key: 'sessions', label: 'Sessions', as: 'count' },
        { key: 'new_users', label: 'New users', as: 'count' },
        { key: 'returning_users', label: 'Returning users, about', as: 'count' },
        { key: 'bounce_rate', label: 'Bounced', as: 'rate' },
        { key: 'events_per_session', label: 'Events each', as: 'decimal' },
        { key: 'average_session_seconds', label: 'Lasted', as: 'seconds' },
      ]}
      rows={data?.sessions === 0 ? [] : series}
      figures={data && <SessionFigures now={data} before={previous} />}
      chart={chart}
    />
  );
}

const sessionsOption = (series: Series) =>
  overTime(
    series.map(({ start }) => start),
    [
      { name: 'Sessions', values: series.map(({ sessions }) => sessions) },
      { name: 'New users', values: series.map(({ new_users }) => new_users) },
    ],
    formatCount,
  );

function SessionFigures({ now, before }: { readonly now: Answer; readonly before: Answer | undefined }) {
  const change = changeOf(now, before);
  const { bounce_rate: rate, average_session_seconds: seconds } = now;
  return (
    <dl class="figures">
      <Figure name="sessions" label="Sessions" value={formatCount(now.sessions)} change={change('sessions')} />
      <Figure name="new_users" label="New users" value={formatCount(now.new_users)} change={change('new_users')} />
      <Figure label="Returning, about" value={formatCount(now.returning_users)} />
      <Figure label="Bounce rate" value={rate === null ? '–' : formatRate(rate)} change={change('bounce_rate')} />
      <Figure label="Average length" value={seconds === null ? '–' : formatSeconds(seconds)} />
    </dl>
  );
}

const RANKS = ['count', 'no_results', 'clicks'] as const;

function Searches({ view: { from, to }, currency }: SectionProps) {
  const [by, setBy] = useState<(typeof RANKS)[number]>('count');
  const loaded = useAnswer('/v1/searches', { from, to, by, limit: 10 });
  return (
    <Panel
      title="Searches"
      hint="All cities"
      loaded={loaded}
      currency={currency}
      empty={by === 'no_results' ? 'Every search found something.' : 'Nobody has searched in this period.'}
      controls={
        <select aria-label="Which searches" value={by} onChange={(e) => setBy(oneOf(RANKS, e.currentTarget.value))}>
          <option value="count">most frequent</option>
          <option value="no_results">without results</option>
          <option value="clicks">followed by a click</option>
        </select>
      }
      columns={[
        { key: 'search_term', label: 'Term', as: 'text' },
        { key: 'count', label: 'Searches', as: 'count', bar: by === 'count' },
        { key: 'no_results', label: 'Without results', as: 'count', bar: by === 'no_results' },
        { key: 'click_through_rate', label: 'Followed', as: 'rate', bar: by === 'clicks' },
      ]}
      rows={answerOf(loaded)?.data ?? []}
    />
  );
}
