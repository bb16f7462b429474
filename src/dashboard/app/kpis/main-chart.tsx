import { useMemo } from 'preact/hooks';
import { Chart } from '../charts/chart.tsx';
import { overTime } from '../charts/over-time.ts';
import { NoteButton } from '../notes/note-button.tsx';
import { useMarks } from '../notes/notes-scope.tsx';
import type { Column } from '../panel/columns.ts';
import { Panel } from '../panel/panel.tsx';
import { pickDays } from '../sections/pick-days.ts';
import { untilOf } from '../series/fairly.ts';
import { useShop } from '../shop.ts';
import { capital, format, formatMove, formatOnAxis } from '../text/format.ts';
import type { Change } from '../view.ts';
import { said } from '../words/said.ts';
import type { Course } from './use-courses.ts';
import { otherPeriod } from './words.ts';

interface Row {
  readonly start: string;
  readonly value: number | null | undefined;
  readonly before: number | null | undefined;
}

const unwatched = (): void => undefined;

interface MainChartProps {
  readonly course: Course;
  readonly change: Change;
}

/** The number that is chosen, over time. */
export function MainChart({ course, change }: MainChartProps) {
  const shop = useShop();
  const { name, label, as, loaded, timeline, values, before } = course;
  const { currency, timezone } = shop;
  const other = capital(otherPeriod(shop));
  const isRatio = name === 'conversion' || name === 'average';
  const marked = useMarks(timeline);
  const option = useMemo(
    () =>
      overTime(
        timeline,
        [
          { name: label, values, kind: isRatio ? 'line' : 'bar' },
          ...(before ? [{ name: other, values: before, isBefore: true }] : []),
        ],
        {
          write: (n) => format(n, as, { currency, timezone }),
          isShare: as === 'rate',
          marked,
          onAxis: (n) => formatOnAxis(n, as, { currency, timezone }),
        },
      ),
    [timeline, values, before, other, currency, timezone, marked],
  );
  const rows: Row[] = values.map((value, i) => ({ start: timeline.starts[i] ?? '', value, before: before?.[i] }));
  const isKnown = values.some((value) => value !== null && value !== 0);
  const pick = pickDays(timeline, shop, change);
  return (
    <Panel
      title={said('{what} over time', { what: label })}
      name={`${name}-over-time`}
      hint={`${pick ? said('Click a day, or draw over several, to look closer') : said('The course of the day')}${before ? untilOf(timeline) : ''}`}
      loaded={{ ...loaded, watch: unwatched }}
      empty={said('There is nothing of this in the period. Choose a longer one, or connect your shop.')}
      span={3}
      height={260}
      controls={<NoteButton of={label} />}
      columns={columnsOf(course, other)}
      rows={isKnown ? rows : []}
      {...(pick && {
        onChoose: ({ start }: Row) => pick(timeline.starts.indexOf(start), timeline.starts.indexOf(start)),
      })}
      chart={
        <Chart
          key={name}
          label={said('{what} over time', { what: label })}
          option={option}
          height={260}
          marked={marked}
          onPick={pick}
        />
      }
    />
  );
}

function columnsOf({ label, as, timeline, before }: Course, other: string): Column<Row>[] {
  const compared: Column<Row>[] = [
    { key: 'before', label: other, as },
    { key: 'change', label: said('Change'), as: 'move', of: (row) => changeOf(row, as === 'rate') },
  ];
  return [
    { key: 'start', label: said('From'), as: timeline.interval === 'day' ? 'day' : 'hour' },
    { key: 'value', label, as },
    ...(before ? compared : []),
  ];
}

const changeOf = ({ value, before }: Row, isShare: boolean): string | undefined =>
  value == null || before == null ? undefined : formatMove(value, before, isShare);
