import type { Data } from '../api/answers.ts';
import { answerOf, useAnswer } from '../api/ask.ts';
import { Chart, type ChartOption, overTime } from '../charts/chart.tsx';
import { Panel } from '../panel/panel.tsx';
import type { Column } from '../panel/table.tsx';
import { formatChange, formatCount, formatRate } from '../text/format.ts';
import { clock } from '../text/time.ts';
import { CHOICES, oneOf, periodParams } from '../view.ts';
import { intervalOf, type SectionProps } from './section.ts';

type Answer = Data<'/v1/funnel'>;
type Stage = Answer['stages'][number];

const share = (percent: number | null | undefined): number | null => (percent == null ? null : percent / 100);

/** How far visits come: as a funnel, and over time. */
export function Funnel(props: SectionProps) {
  const { view, currency, theme } = props;
  const interval = intervalOf(view);
  const { city, funnel, mode } = view;
  const loaded = useAnswer('/v1/funnel', { ...periodParams(view), city, funnel, mode, interval });
  const { data, previous } = answerOf(loaded) ?? {};
  const stages = data?.stages ?? [];
  const series = (data?.series ?? []).map((point) => ({ ...point, start: clock(point.start, interval) }));
  const shape = funnelOption(stages, previous?.stages, theme === 'dark' ? '#e8eef3' : '#14202b');
  return (
    <>
      <Panel
        title="Funnel"
        hint={city ? `${city}, beside all cities in the table` : 'From visit to purchase'}
        loaded={loaded}
        currency={currency}
        empty="Nobody has visited in this period. Choose a longer one, or send events."
        controls={<FunnelChoice {...props} names={data?.funnels ?? [funnel]} />}
        columns={columnsOf(stages, previous?.stages, data?.all_cities)}
        rows={stages[0]?.count === 0 ? [] : stages}
        chart={<Chart label={sayFunnel(stages)} option={shape} theme={theme} height={280} />}
      />
      <Panel
        title="Conversion over time"
        hint="Share of visits that bought, and that went on at each stage"
        span={2}
        loaded={loaded}
        currency={currency}
        empty="Nobody has visited in this period."
        columns={columnsOverTime(stages)}
        rows={series.some((point) => (point.stages[0]?.count ?? 0) > 0) ? series : []}
        chart={
          <Chart
            label="Share of visits that reach each stage, over time"
            option={optionOverTime(stages, series)}
            theme={theme}
            height={280}
          />
        }
      />
    </>
  );
}

interface ChoiceProps extends SectionProps {
  readonly names: readonly string[];
}

function FunnelChoice({ view: { funnel, mode }, change, names }: ChoiceProps) {
  return (
    <>
      <select aria-label="Funnel" value={funnel} onChange={(e) => change({ funnel: e.currentTarget.value })}>
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      <select
        aria-label="Counting"
        value={mode}
        onChange={(e) => change({ mode: oneOf(CHOICES.mode, e.currentTarget.value) })}
      >
        <option value="closed">closed: sessions</option>
        <option value="open">open: users</option>
      </select>
    </>
  );
}

/** City by city, side by side. */
export function FunnelByCity({ view, change, currency }: SectionProps) {
  const { from, to, funnel, mode } = view;
  const loaded = useAnswer('/v1/funnel', { from, to, funnel, mode, breakdown: 'city' });
  const { stages = [], breakdown = [] } = answerOf(loaded)?.data ?? {};
  return (
    <Panel
      title="Funnel by city"
      hint="Share of a city’s visits that reach each stage; choose one to see the whole page for it"
      loaded={loaded}
      currency={currency}
      empty="No city has been visited in this period."
      onChoose={({ city }) => change({ city })}
      chosen={({ city }) => city === view.city}
      columns={[
        { key: 'city', label: 'City', as: 'text' },
        { key: 'visits', label: 'Visits', as: 'count', of: ({ stages: of }) => of[0]?.count },
        ...shareColumns<(typeof breakdown)[number]>(stages, true),
      ]}
      rows={breakdown}
    />
  );
}

interface Staged {
  readonly stages: readonly Stage[];
}

/** A column for each stage behind the first: the share that reaches it. */
function shareColumns<T extends Staged>(stages: readonly Stage[], bars = false): Column<T>[] {
  return stages.slice(1).map(({ stage }, i) => ({
    key: stage,
    label: stage,
    as: 'rate',
    bar: bars && i === stages.length - 2,
    of: (row) => share(row.stages[i + 1]?.percent_of_first),
  }));
}

function columnsOf(stages: Answer['stages'], before?: Answer['stages'], all?: Answer['all_cities']): Column<Stage>[] {
  const beside = <T,>(rows: readonly T[], stage: Stage): T | undefined => rows[stages.indexOf(stage)];
  const ofAll: Column<Stage>[] = all
    ? [
        {
          key: 'all',
          label: 'Of first, all cities',
          as: 'rate',
          of: (row) => share(beside(all, row)?.percent_of_first),
        },
      ]
    : [];
  const compared: Column<Stage>[] = before
    ? [
        { key: 'before', label: 'Before', as: 'count', of: (row) => beside(before, row)?.count },
        {
          key: 'change',
          label: 'Change',
          as: 'text',
          of: (row) => formatChange(row.count, beside(before, row)?.count ?? 0),
        },
      ]
    : [];
  return [
    { key: 'stage', label: 'Stage', as: 'text' },
    { key: 'count', label: 'Count', as: 'count' },
    { key: 'of_first', label: 'Of first', as: 'rate', of: (row) => share(row.percent_of_first) },
    ...ofAll,
    { key: 'of_previous', label: 'Of previous', as: 'rate', of: (row) => share(row.percent_of_previous) },
    { key: 'drop_off', label: 'Drop-off', as: 'count' },
    { key: 'median_seconds', label: 'Median time', as: 'seconds' },
    { key: 'p90_seconds', label: '90 % within', as: 'seconds' },
    ...compared,
  ];
}

const sayFunnel = (stages: readonly Stage[]): string =>
  `Funnel: ${stages.map(({ stage, count }) => `${stage} ${formatCount(count)}`).join(', ')}`;

function funnelOption(stages: readonly Stage[], before: readonly Stage[] | undefined, ink: string): ChartOption {
  return {
    tooltip: { trigger: 'item' },
    legend: { show: false },
    series: [
      {
        type: 'funnel',
        sort: 'none',
        gap: 3,
        minSize: '4%',
        left: '2%',
        width: '44%',
        top: 4,
        bottom: 4,
        funnelAlign: 'left',
        label: {
          position: 'right',
          lineHeight: 17,
          fontSize: 12,
          color: ink,
          formatter: ({ dataIndex }: { dataIndex: number }) => sayStage(dataIndex, stages, before),
        },
        labelLine: { show: false },
        data: stages.map(({ stage, count }) => ({ name: stage, value: count })),
      },
    ],
  };
}

function sayStage(i: number, stages: readonly Stage[], before: readonly Stage[] | undefined): string {
  const [stage, was] = [stages[i], before?.[i]];
  if (stage === undefined) return '';
  const moved = was ? `  ${formatChange(stage.count, was.count)}` : '';
  const reached = `${stage.stage}  ${formatCount(stage.count)}${moved}`;
  const [first, previous] = [stage.percent_of_first, stage.percent_of_previous].map((n) => formatRate((n ?? 0) / 100));
  // Beside the widest part there is the least room, and it is all of itself.
  return i === 0 ? reached : `${reached}\n${first} of first, ${previous} of previous`;
}

type Point = NonNullable<Answer['series']>[number];

const optionOverTime = (stages: readonly Stage[], series: readonly Point[]): ChartOption =>
  overTime(
    series.map(({ start }) => start),
    stages.slice(1).map(({ stage: name }, i) => ({
      name,
      values: series.map((point) => share(point.stages[i + 1]?.percent_of_first)),
    })),
    formatRate,
  );

function columnsOverTime(stages: readonly Stage[]): Column<Point>[] {
  const dropOff = (name: string, i: number): Column<Point> => ({
    key: `drop_${name}`,
    label: `drop-off before ${name}`,
    as: 'count',
    of: (point) => point.stages[i + 1]?.drop_off,
  });
  return [
    { key: 'start', label: 'From', as: 'text' },
    ...shareColumns<Point>(stages).flatMap((column, i) => [column, dropOff(column.key, i)]),
  ];
}
