import type { Row } from '../../api/answers.ts';
import { answerOf } from '../../api/use-answer.ts';
import { useArchive } from '../../api/use-archive.ts';
import { Choice } from '../../panel/choice.tsx';
import type { Column } from '../../panel/columns.ts';
import { Panel } from '../../panel/panel.tsx';
import { useShop } from '../../shop.ts';
import { formatCount, formatRate } from '../../text/format.ts';
import { addDays, formatDay, formatMonth } from '../../text/time.ts';
import { CHOICES, type View } from '../../view.ts';
import { words } from '../../words/words.ts';
import type { SectionProps } from '../section.ts';
import { HeatGrid, type HeatRow } from './heat-grid.tsx';

type Cohort = Row<'/v1/explore/retention'>;
type Step = View['cohort_by'];

/** Who came again: people by when they came first. */
export function Retention({ view: { cohort, cohort_by: by }, change }: SectionProps) {
  const { from, to, today } = useShop();
  const { retention: says, longer } = words().explore;
  const loaded = useArchive('/v1/explore/retention', { from, to, cohort, interval: by });
  const rows = answerOf(loaded)?.data ?? [];
  const steps = Math.max(1, ...rows.map(({ returned }) => returned.length)) - 1;
  const later = Array.from({ length: steps }, (_, i) => i + 1);
  const lastDay = to < today ? to : addDays(today, -1);
  return (
    <Panel
      title={says.title}
      isUnfiltered
      name="retention"
      hint={`${from === to ? longer : says.hint[cohort]}; ${says.soFar}`}
      span={3}
      height={200}
      loaded={loaded}
      waiting={words().archive.waiting}
      empty={says.empty}
      controls={
        <>
          <Choice
            label={says.cohort}
            value={cohort}
            options={CHOICES.cohort}
            called={(one) => says.cohorts[one]}
            onChoose={(one) => change({ cohort: one })}
          />
          <Choice
            label={says.by}
            value={by}
            options={CHOICES.cohort_by}
            called={(one) => says.steps[one]}
            onChoose={(one) => change({ cohort_by: one })}
          />
        </>
      }
      columns={columnsOf(by, later)}
      rows={rows}
      chart={
        <HeatGrid
          label={says.label}
          heads={[says.began[by], says.size, ...later.map(says.later[by])]}
          rows={rows.map((row) => heatRow(row, by, later, lastDay))}
        />
      }
    />
  );
}

const shareOf = ({ size, returned }: Cohort, step: number): number | null => {
  const came = returned[step];
  return came === undefined || size === 0 ? null : came / size;
};

function columnsOf(by: Step, later: readonly number[]): Column<Cohort>[] {
  const { began, size, later: called } = words().explore.retention;
  return [
    { key: 'cohort', label: began[by], as: 'day' },
    { key: 'size', label: size, as: 'count' },
    ...later.map(
      (step): Column<Cohort> => ({
        key: `later_${step}`,
        label: called[by](step),
        as: 'rate',
        of: (row) => shareOf(row, step),
      }),
    ),
  ];
}

/** The day before that on which the step behind this one begins. */
function endOf(cohort: string, by: Step, step: number): string {
  if (by !== 'month') return addDays(cohort, (step + 1) * (by === 'week' ? 7 : 1) - 1);
  const [year, month] = [Number(cohort.slice(0, 4)), Number(cohort.slice(5, 7))];
  return new Date(Date.UTC(year, month + step, 0)).toISOString().slice(0, 10);
}

function heatRow(row: Cohort, by: Step, later: readonly number[], lastDay: string): HeatRow {
  return {
    name: by === 'month' ? formatMonth(row.cohort) : formatDay(row.cohort),
    lead: [formatCount(row.size)],
    cells: later.map((step) => {
      const share = shareOf(row, step);
      if (share === null) return undefined;
      const says = `${formatCount(row.returned[step] ?? 0)} / ${formatCount(row.size)}`;
      return { text: formatRate(share), shade: share, says, isSoFar: endOf(row.cohort, by, step) > lastDay };
    }),
  };
}
