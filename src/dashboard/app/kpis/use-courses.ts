import { useMemo } from 'preact/hooks';
import type { Data, Path } from '../api/answers.ts';
import { answerOf, type Loaded, useAnswer } from '../api/use-answer.ts';
import { beside, type Timeline } from '../charts/timeline.ts';
import { filteredBy } from '../filter.ts';
import { intervalOf, moneyIntervalOf } from '../sections/section.ts';
import { addUp, fairly } from '../series/fairly.ts';
import { fairMoney } from '../series/money-sums.ts';
import { useSeries } from '../series/use-series.ts';
import { useShop } from '../shop.ts';
import type { Format } from '../text/format.ts';
import { comparedIn, type View } from '../view.ts';
import { said } from '../words/said.ts';

type Value = number | null;

/** A number of the period, its course, and what it is compared with. */
export interface Course {
  readonly name: View['kpi'];
  readonly label: string;
  readonly as: Format;
  readonly loaded: Loaded<Path>;
  readonly timeline: Timeline;
  readonly value: Value | undefined;
  readonly values: readonly Value[];
  readonly before: readonly (Value | undefined)[] | undefined;
  /** Of both periods as far as they can be compared. */
  readonly fair: { readonly now: Value; readonly before: Value } | undefined;
}

/** What is known of numbers that are answered together. */
interface Known<N> extends Pick<Course, 'loaded' | 'timeline'> {
  readonly whole: N | undefined;
  readonly points: readonly N[];
  readonly before: readonly (N | undefined)[] | undefined;
  readonly fair: { readonly now: N; readonly before: N } | undefined;
}

type Name = Pick<Course, 'name' | 'label' | 'as'>;

function courseOf<N>(known: Known<N>, name: Name, of: (numbers: N) => Value): Course {
  const { whole, points, before, fair, loaded, timeline } = known;
  return {
    ...name,
    loaded,
    timeline,
    value: whole && of(whole),
    values: points.map(of),
    before: before?.map((point) => point && of(point)),
    fair: fair && { now: of(fair.now), before: of(fair.before) },
  };
}

interface Sales {
  readonly revenue: number;
  readonly orders: number;
  readonly average_order_value: number | null;
}

export function useSalesCourses(view: View): readonly Course[] {
  const shop = useShop();
  const { from, to, currency, refreshMs } = shop;
  const interval = moneyIntervalOf(view, shop);
  const query = { from, to, ...filteredBy(view), currency, compare: comparedIn(view), interval };
  const loaded = useAnswer('/v1/revenue', query, { everyMs: refreshMs });
  const { data, previous, meta } = answerOf(loaded) ?? {};
  const { timeline, points } = useSeries(data?.series, interval, meta);
  return useMemo(() => {
    const known: Known<Sales> = {
      loaded,
      timeline,
      whole: data,
      points,
      before: previous && beside(previous.series, timeline),
      fair: data && fairMoney(data, previous, timeline),
    };
    return [
      courseOf(known, { name: 'revenue', label: said('Revenue'), as: 'money' }, ({ revenue }) => revenue),
      courseOf(known, { name: 'orders', label: said('Orders'), as: 'count' }, ({ orders }) => orders),
      courseOf(known, { name: 'average', label: said('Average order'), as: 'money' }, (one) => one.average_order_value),
    ];
  }, [data, previous, timeline, points, loaded.state]);
}

type Sessions = Pick<Data<'/v1/sessions'>, 'sessions' | 'by_stage'>;
type SessionPoint = Sessions & { readonly start: string };

interface Visits {
  readonly sessions: number;
  /** Of them, those that reached the last stage of the shop's funnel. */
  readonly bought: number;
}

const visitsOf = ({ sessions, by_stage }: Sessions): Visits => ({
  sessions,
  bought: by_stage.at(-1)?.reached ?? 0,
});

const sumVisits = (points: readonly SessionPoint[]): Visits => {
  const visits = points.map(visitsOf);
  return { sessions: addUp(visits, 'sessions'), bought: addUp(visits, 'bought') };
};

export function useVisitCourses(view: View): readonly Course[] {
  const shop = useShop();
  const { from, to, refreshMs } = shop;
  const interval = intervalOf(view, shop);
  const query = { from, to, ...filteredBy(view), compare: comparedIn(view), interval };
  const loaded = useAnswer('/v1/sessions', query, { everyMs: refreshMs });
  const { data, previous, meta } = answerOf(loaded) ?? {};
  const { timeline, points } = useSeries(data?.series, interval, meta);
  return useMemo(() => {
    const counted = (answer: typeof data) => answer && { ...visitsOf(answer), series: answer.series ?? [] };
    const [now, before] = [counted(data), counted(previous)];
    const known: Known<Visits> = {
      loaded,
      timeline,
      whole: now,
      points: points.map(visitsOf),
      before: before && beside(before.series, timeline).map((point) => point && visitsOf(point)),
      fair: now && fairly<Visits, SessionPoint>({ timeline, now, before, sum: sumVisits }),
    };
    const rate = ({ sessions, bought }: Visits): Value => (sessions === 0 ? null : bought / sessions);
    return [
      courseOf(known, { name: 'conversion', label: said('Conversion'), as: 'rate' }, rate),
      courseOf(known, { name: 'sessions', label: said('Sessions'), as: 'count' }, ({ sessions }) => sessions),
    ];
  }, [data, previous, timeline, points, loaded.state]);
}
