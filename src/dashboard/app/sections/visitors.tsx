import { useMemo, useState } from 'preact/hooks';
import type { Data } from '../api/answers.ts';
import { askAll } from '../api/ask.ts';
import { answerOf, useAnswer } from '../api/use-answer.ts';
import { Chart } from '../charts/chart.tsx';
import { overTime } from '../charts/over-time.ts';
import { beside } from '../charts/timeline.ts';
import { filteredBy } from '../filter.ts';
import { otherPeriod } from '../kpis/words.ts';
import { NoteButton } from '../notes/note-button.tsx';
import { useMarks } from '../notes/notes-scope.tsx';
import { Choice } from '../panel/choice.tsx';
import { changeOf, Figure } from '../panel/figure.tsx';
import { Panel } from '../panel/panel.tsx';
import { useRoom } from '../panel/use-room.ts';
import { addUp, fairly, meanOf, untilOf } from '../series/fairly.ts';
import { useSeries } from '../series/use-series.ts';
import { useShop } from '../shop.ts';
import { capital, formatCount, writeCount, writeRate, writeSeconds } from '../text/format.ts';
import { comparedIn } from '../view.ts';
import { said } from '../words/said.ts';
import { pickDays } from './pick-days.ts';
import { type FiguresProps, intervalOf, type SectionProps } from './section.ts';

type Answer = Data<'/v1/sessions'>;
type Point = NonNullable<Answer['series']>[number];

/** Sessions, and what visitors look for. */
export function Visitors(props: SectionProps) {
  return (
    <>
      <Sessions {...props} />
      <Searches {...props} />
    </>
  );
}

function Sessions({ view, change }: SectionProps) {
  const shop = useShop();
  const { from, to, refreshMs } = shop;
  const compare = comparedIn(view);
  const interval = intervalOf(view, shop);
  const loaded = useAnswer(
    '/v1/sessions',
    { from, to, ...filteredBy(view), compare, interval },
    { everyMs: refreshMs },
  );
  const { data, previous, meta } = answerOf(loaded) ?? {};
  const { timeline, points } = useSeries(data?.series, interval, meta);
  const other = capital(otherPeriod(shop));
  const before = previous?.series && beside(previous.series, timeline).map((one) => one?.sessions);
  const marked = useMarks(timeline);
  const option = useMemo(
    () =>
      overTime(
        timeline,
        [
          { name: said('Sessions'), values: points.map(({ sessions }) => sessions) },
          { name: said('New users'), values: points.map(({ new_users }) => new_users) },
          ...(before ? [{ name: other, values: before, isBefore: true }] : []),
        ],
        { write: formatCount, marked },
      ),
    [timeline, points, previous, other, marked],
  );
  return (
    <Panel
      title={said('Sessions')}
      name="sessions"
      hint={`${said('By the time in which they began')}${previous ? untilOf(timeline) : ''}`}
      span={2}
      loaded={loaded}
      empty={said('Nobody has visited in this period.')}
      height={240}
      controls={<NoteButton of={said('Sessions')} />}
      columns={[
        { key: 'start', label: said('From'), as: interval },
        { key: 'sessions', label: said('Sessions'), as: 'count' },
        { key: 'new_users', label: said('New users'), as: 'count' },
        { key: 'returning_users', label: said('Returning users'), as: 'count' },
        { key: 'bounce_rate', label: said('Bounced'), as: 'rate' },
        { key: 'events_per_session', label: said('Events each'), as: 'decimal' },
        { key: 'average_session_seconds', label: said('Lasted'), as: 'seconds' },
      ]}
      rows={data?.sessions === 0 ? [] : points}
      figures={
        <SessionFigures
          now={data}
          before={previous}
          timeline={timeline}
          isEstimated={meta?.approximate.includes('returning_users') === true}
        />
      }
      chart={
        <Chart
          label={said('Sessions and new users over time')}
          option={option}
          marked={marked}
          onPick={pickDays(timeline, shop, change)}
        />
      }
    />
  );
}

const sumSessions = (points: readonly Point[]) => ({
  sessions: addUp(points, 'sessions'),
  new_users: addUp(points, 'new_users'),
  bounce_rate: meanOf(
    points,
    (point) => point.bounce_rate,
    (point) => point.sessions,
  ),
});

interface SessionFiguresProps extends FiguresProps<Answer> {
  /** Those of several days together. */
  readonly isEstimated: boolean;
}

function SessionFigures({ now, before, timeline, isEstimated }: SessionFiguresProps) {
  const fair = now && fairly<ReturnType<typeof sumSessions>, Point>({ timeline, now, before, sum: sumSessions });
  const change = changeOf(fair?.now, fair?.before);
  return (
    <dl class="figures">
      <Figure name="sessions" label={said('Sessions')} value={writeCount(now?.sessions)} change={change('sessions')} />
      <Figure
        name="new_users"
        label={said('New users')}
        value={writeCount(now?.new_users)}
        change={change('new_users')}
      />
      <Figure
        name="returning_users"
        label={isEstimated ? said('Returning, about') : said('Returning')}
        value={writeCount(now?.returning_users)}
      />
      <Figure
        name="bounce_rate"
        label={said('Bounce rate')}
        value={writeRate(now?.bounce_rate)}
        change={change('bounce_rate')}
      />
      <Figure name="session_length" label={said('Average length')} value={writeSeconds(now?.average_session_seconds)} />
    </dl>
  );
}

const RANKS = ['count', 'no_results', 'clicks'] as const;
const CALLED = {
  count: said('most frequent'),
  no_results: said('without results'),
  clicks: said('followed by a click'),
} as const;

function Searches(_: SectionProps) {
  const { from, to, refreshMs } = useShop();
  const [by, setBy] = useState<(typeof RANKS)[number]>('count');
  const { limit, onMore } = useRoom(10);
  const loaded = useAnswer('/v1/searches', { from, to, by, limit }, { everyMs: refreshMs });
  return (
    <Panel
      title={said('Searches')}
      name="searches"
      isUnfiltered
      loaded={loaded}
      empty={by === 'no_results' ? said('Every search found something.') : said('Nobody has searched in this period.')}
      height={246}
      controls={
        <Choice
          label={said('Which searches')}
          value={by}
          options={RANKS}
          called={(rank) => CALLED[rank]}
          onChoose={setBy}
        />
      }
      columns={[
        { key: 'search_term', label: said('Term'), as: 'text' },
        { key: 'count', label: said('Searches'), as: 'count', bar: by === 'count' },
        { key: 'no_results', label: said('Without results'), as: 'count', bar: by === 'no_results' },
        { key: 'click_through_rate', label: said('Followed'), as: 'rate', bar: by === 'clicks' },
      ]}
      rows={answerOf(loaded)?.data ?? []}
      onMore={onMore}
      allRows={() => askAll('/v1/searches', { from, to, by })}
    />
  );
}
