import { useMemo } from 'preact/hooks';
import type { Data } from '../../api/answers.ts';
import { answerOf, useAnswer } from '../../api/use-answer.ts';
import { Chart } from '../../charts/chart.tsx';
import { overTime } from '../../charts/over-time.ts';
import type { Timeline } from '../../charts/timeline.ts';
import { filteredBy, filterOf } from '../../filter.ts';
import { NoteButton } from '../../notes/note-button.tsx';
import { useMarks } from '../../notes/notes-scope.tsx';
import { Choice } from '../../panel/choice.tsx';
import type { Column } from '../../panel/columns.ts';
import { Panel } from '../../panel/panel.tsx';
import { fairly, untilOf } from '../../series/fairly.ts';
import { useSeries } from '../../series/use-series.ts';
import { useShop } from '../../shop.ts';
import { calledStage } from '../../text/events.ts';
import { formatRate } from '../../text/format.ts';
import { CHOICES, comparedIn } from '../../view.ts';
import { said } from '../../words/said.ts';
import { calledValue } from '../dimensions/dimension.ts';
import { pickDays } from '../pick-days.ts';
import { intervalOf, type SectionProps } from '../section.ts';
import { FunnelBy } from './funnel-by.tsx';
import { FunnelBars, namesOf, type StageRow, share, shareColumns, stageColumns } from './funnel-stages.tsx';

type Answer = Data<'/v1/funnel'>;
type Point = NonNullable<Answer['series']>[number];

const NONE: Answer['stages'] = [];
const SAYS = {
  closed: said(
    'Closed: sessions that reached each stage after those before it, by the time in which they began. A dashed line is the period before',
  ),
  open: said(
    'Open: visitors who did each thing at all, in any order, so that a later stage may have more than an earlier one',
  ),
} as const;

const MODES = { closed: said('closed: sessions'), open: said('open: users') } as const;

/** How far visits come: as a funnel, and over time. */
export function Funnel(props: SectionProps) {
  const { view } = props;
  const shop = useShop();
  const { from, to, refreshMs } = shop;
  const { funnel, mode } = view;
  const filter = filterOf(view);
  const compare = comparedIn(view);
  const interval = intervalOf(view, shop);
  const query = { from, to, ...filteredBy(view), funnel, mode, compare, interval };
  const loaded = useAnswer('/v1/funnel', query, { everyMs: refreshMs });
  const { data, previous, meta } = answerOf(loaded) ?? {};
  const { timeline, points } = useSeries(data?.series, interval, meta);
  const stages = data?.stages ?? NONE;
  const rows = data ? withBefore(data, previous, timeline) : [];
  const marked = useMarks(timeline);
  const option = useMemo(
    () => overTime(timeline, linesOf(stages, points), { write: formatRate, marked }),
    [timeline, points, stages, marked],
  );
  const until = previous ? untilOf(timeline) : '';
  return (
    <>
      <Panel
        title={said('Funnel')}
        name="funnel"
        hint={`${filter ? said('{value}, beside all in the table. ', { value: calledValue(filter.value) }) : ''}${SAYS[mode]}${mode === 'closed' ? until : ''}`}
        loaded={loaded}
        empty={said('Nobody has visited in this period. Choose a longer one, or connect your shop.')}
        height={330}
        controls={<FunnelChoice {...props} names={data?.funnels ?? [funnel]} />}
        columns={stageColumns(rows, data?.all_cities, timeline.over < timeline.starts.length ? said(', so far') : '')}
        rows={stages[0]?.count === 0 ? [] : rows}
        span={2}
        chart={<FunnelBars stages={rows} chosen={view.stage} onChoose={(stage) => props.change({ stage })} />}
      />
      <FunnelBy {...props} />
      <Panel
        title={said('Conversion over time')}
        name="conversion-over-time"
        hint={said('Share of visits that reached each stage')}
        span={3}
        loaded={loaded}
        empty={said('Nobody has visited in this period.')}
        height={280}
        controls={<NoteButton of={said('Conversion over time')} />}
        columns={columnsOverTime(stages, interval)}
        rows={points.some((point) => (point.stages[0]?.count ?? 0) > 0) ? points : []}
        chart={
          <Chart
            label={said('Share of visits that reach each stage, over time')}
            option={option}
            height={280}
            marked={marked}
            onPick={pickDays(timeline, shop, props.change)}
          />
        }
      />
    </>
  );
}

/** The share of visits that reached each stage but the first, over time. */
const linesOf = (stages: Answer['stages'], points: readonly Point[]) =>
  namesOf(stages, calledStage)
    .slice(1)
    .map((name, i) => ({
      name,
      values: points.map((point) => share(point.stages[i + 1]?.percent_of_first)),
    }));

const sumStages = (points: readonly Point[]): { readonly counts: readonly number[] } => ({
  counts: (points[0]?.stages ?? []).map((_, i) => points.reduce((sum, { stages }) => sum + (stages[i]?.count ?? 0), 0)),
});

const countsOf = ({ stages, series }: Answer) => ({
  counts: stages.map(({ count }) => count),
  ...(series && { series }),
});

/**
 * Stages with what they are compared with. Users of several hours
 * are not the sum of those of each, so they wait for the end.
 */
function withBefore(data: Answer, previous: Answer | undefined, timeline: Timeline): readonly StageRow[] {
  const isOver = timeline.over === timeline.starts.length;
  if (previous === undefined || (data.mode === 'open' && !isOver)) return data.stages;
  const fair = fairly<{ readonly counts: readonly number[] }, Point>({
    timeline,
    now: countsOf(data),
    before: countsOf(previous),
    sum: sumStages,
  });
  return data.stages.map((stage, i) => ({ ...stage, now: fair?.now.counts[i], before: fair?.before.counts[i] }));
}

interface ChoiceProps extends SectionProps {
  readonly names: readonly string[];
}

function FunnelChoice({ view: { funnel, mode }, change, names }: ChoiceProps) {
  return (
    <>
      <Choice label={said('Funnel')} value={funnel} options={names} onChoose={(name) => change({ funnel: name })} />
      <Choice
        label={said('Counting')}
        value={mode}
        options={CHOICES.mode}
        called={(one) => MODES[one]}
        onChoose={(one) => change({ mode: one })}
      />
    </>
  );
}

function columnsOverTime(stages: Answer['stages'], interval: 'hour' | 'day'): Column<Point>[] {
  const dropOff = (name: string, i: number): Column<Point> => ({
    key: `drop_${name}`,
    label: said('drop-off before {stage}', { stage: name }),
    as: 'count',
    of: (point) => point.stages[i + 1]?.drop_off,
  });
  return [
    { key: 'start', label: said('From'), as: interval },
    ...shareColumns<Point>(stages).flatMap((column, i) => [column, dropOff(column.label, i)]),
  ];
}
