import { useAnswer } from '../api.ts';
import { Chart, type ChartOption, overTime } from '../chart.tsx';
import { clock, maybe, num, type Row, rowOf, rowsOf, text } from '../data.ts';
import { formatChange, formatCount, formatRate } from '../format.ts';
import { Panel } from '../panel.tsx';
import type { Column } from '../table.tsx';
import { periodParams } from '../view.ts';
import { intervalOf, type SectionProps } from './context.ts';

const share = (value: unknown): number | null => {
  const percent = maybe(value);
  return percent === null ? null : percent / 100;
};

/** How far visits come: as a funnel, city by city, and over time. */
export function Funnel({ view, change, currency, theme }: SectionProps) {
  const interval = intervalOf(view);
  const params = { ...periodParams(view), city: view.city, funnel: view.funnel, mode: view.mode, interval };
  const whole = useAnswer('/v1/funnel', params);
  const known = whole.state === 'loaded' ? rowOf(whole.answer.data)['funnels'] : undefined;
  const names = Array.isArray(known) ? known.map(text) : [view.funnel];
  const controls = (
    <>
      <select aria-label="Funnel" value={view.funnel} onChange={(e) => change({ funnel: e.currentTarget.value })}>
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      <select aria-label="Counting" value={view.mode} onChange={(e) => change({ mode: e.currentTarget.value })}>
        <option value="closed">closed: sessions</option>
        <option value="open">open: users</option>
      </select>
    </>
  );
  return (
    <>
      <Panel
        title="Funnel"
        hint={view.city ? `${view.city}, beside all cities in the table` : 'From visit to purchase'}
        loaded={whole}
        currency={currency}
        empty="Nobody has visited in this period. Choose a longer one, or send events."
        controls={controls}
        show={({ data, previous }) => {
          const stages = rowsOf(rowOf(data)['stages']);
          const before = rowsOf(rowOf(previous)['stages']);
          const all = rowsOf(rowOf(data)['all_cities']);
          const rows = stages.map((stage, i) => stageRow(stage, before[i], all[i]));
          return {
            columns: columnsOf(before.length > 0, all.length > 0),
            rows: num(stages[0]?.['count']) === 0 ? [] : rows,
            chart: (
              <Chart
                label={sayFunnel(stages)}
                option={funnelOption(stages, before, theme === 'dark' ? '#e8eef3' : '#14202b')}
                theme={theme}
                height={280}
              />
            ),
          };
        }}
      />
      <Panel
        title="Conversion over time"
        hint="Share of visits that bought, and that went on at each stage"
        span={2}
        loaded={whole}
        currency={currency}
        empty="Nobody has visited in this period."
        show={({ data }) => overTimeOf(rowsOf(rowOf(data)['series']), interval, theme)}
      />
    </>
  );
}

/** City by city, side by side. */
export function FunnelByCity({ view, change, currency }: SectionProps) {
  const { from, to, funnel, mode } = view;
  const cities = useAnswer('/v1/funnel', { from, to, funnel, mode, breakdown: 'city' });
  return (
    <Panel
      title="Funnel by city"
      hint="Share of a city’s visits that reach each stage; choose one to see the whole page for it"
      loaded={cities}
      currency={currency}
      empty="No city has been visited in this period."
      onChoose={(row) => change({ city: text(row['city']) })}
      chosen={(row) => row['city'] === view.city}
      show={({ data }) => {
        const rows = rowsOf(rowOf(data)['breakdown']).map((row) => {
          const stages = rowsOf(row['stages']);
          const shares = stages.map((stage) => [text(stage['stage']), share(stage['percent_of_first'])]);
          return { city: row['city'], visits: stages[0]?.['count'], ...Object.fromEntries(shares.slice(1)) };
        });
        const names = rowsOf(rowOf(data)['stages'])
          .slice(1)
          .map((stage) => text(stage['stage']));
        const stageColumns = names.map((key): Column => ({ key, label: key, as: 'rate', bar: key === names.at(-1) }));
        return {
          columns: [
            { key: 'city', label: 'City', as: 'text' },
            { key: 'visits', label: 'Visits', as: 'count' },
            ...stageColumns,
          ],
          rows,
        };
      }}
    />
  );
}

function stageRow(stage: Row, before: Row | undefined, all: Row | undefined): Row {
  return {
    ...stage,
    percent_of_first: share(stage['percent_of_first']),
    percent_of_previous: share(stage['percent_of_previous']),
    ...(before && { before: before['count'], change: formatChange(num(stage['count']), num(before['count'])) }),
    ...(all && { all: share(all['percent_of_first']) }),
  };
}

function columnsOf(compared: boolean, besideAll: boolean): Column[] {
  return [
    { key: 'stage', label: 'Stage', as: 'text' },
    { key: 'count', label: 'Count', as: 'count' },
    { key: 'percent_of_first', label: 'Of first', as: 'rate' },
    ...(besideAll ? [{ key: 'all', label: 'Of first, all cities', as: 'rate' } as const] : []),
    { key: 'percent_of_previous', label: 'Of previous', as: 'rate' },
    { key: 'drop_off', label: 'Drop-off', as: 'count' },
    { key: 'median_seconds', label: 'Median time', as: 'seconds' },
    { key: 'p90_seconds', label: '90 % within', as: 'seconds' },
    ...(compared
      ? ([
          { key: 'before', label: 'Before', as: 'count' },
          { key: 'change', label: 'Change', as: 'text' },
        ] as const)
      : []),
  ];
}

const sayFunnel = (stages: readonly Row[]): string =>
  `Funnel: ${stages.map((s) => `${text(s['stage'])} ${formatCount(num(s['count']))}`).join(', ')}`;

function funnelOption(stages: readonly Row[], before: readonly Row[], ink: string): ChartOption {
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
          formatter: ({ dataIndex }: { dataIndex: number }) => {
            const stage = stages[dataIndex] ?? {};
            const first = formatRate(num(stage['percent_of_first']) / 100);
            const previous = formatRate(num(stage['percent_of_previous']) / 100);
            const was = before[dataIndex];
            const moved = was ? `  ${formatChange(num(stage['count']), num(was['count']))}` : '';
            const reached = `${text(stage['stage'])}  ${formatCount(num(stage['count']))}${moved}`;
            // Beside the widest part there is the least room, and it is all of itself.
            return dataIndex === 0 ? reached : `${reached}\n${first} of first, ${previous} of previous`;
          },
        },
        labelLine: { show: false },
        data: stages.map((stage) => ({ name: text(stage['stage']), value: num(stage['count']) })),
      },
    ],
  };
}

function overTimeOf(series: readonly Row[], interval: string, theme: string) {
  const names = rowsOf(series[0]?.['stages']).map((stage) => text(stage['stage']));
  const rows = series.map((point) => {
    const stages = rowsOf(point['stages']);
    const shares = stages.map((stage, i) => [names[i] ?? '', share(stage['percent_of_first'])]);
    const drops = stages.map((stage, i) => [`drop_${names[i]}`, stage['drop_off']]);
    return { start: clock(point['start'], interval), ...Object.fromEntries([...shares, ...drops]) };
  });
  const lines = names.slice(1).map((name) => ({ name, values: rows.map((row: Row) => maybe(row[name])) }));
  const columns: Column[] = [
    { key: 'start', label: 'From', as: 'text' },
    ...names.slice(1).flatMap((name): Column[] => [
      { key: name, label: name, as: 'rate' },
      { key: `drop_${name}`, label: `drop-off before ${name}`, as: 'count' },
    ]),
  ];
  const option = overTime(
    rows.map(({ start }) => start),
    lines,
    formatRate,
  );
  return {
    columns,
    rows: series.some((point) => num(rowsOf(point['stages'])[0]?.['count']) > 0) ? rows : [],
    chart: (
      <Chart label="Share of visits that reach each stage, over time" option={option} theme={theme} height={280} />
    ),
  };
}
