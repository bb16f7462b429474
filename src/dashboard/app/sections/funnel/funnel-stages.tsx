import type { Data } from '../../api/answers.ts';
import type { Column } from '../../panel/table.tsx';
import { formatChange, formatCount, formatRate } from '../../text/format.ts';

type Stage = Data<'/v1/funnel'>['stages'][number];

/** A stage, and the count of the period before that it is compared with. */
export interface StageRow extends Stage {
  readonly now?: number | undefined;
  readonly before?: number | undefined;
}

export const share = (percent: number | null | undefined): number | null => (percent == null ? null : percent / 100);

const changeOf = ({ now, before }: StageRow): string | undefined =>
  now === undefined || before === undefined ? undefined : formatChange(now, before);

/** What the stages are called, so that one that comes again has a name of its own. */
export function namesOf(stages: readonly Stage[]): string[] {
  return stages.map(({ stage }, i) => {
    const times = stages.slice(0, i + 1).filter((one) => one.stage === stage).length;
    return times === 1 ? stage : `${stage} (${times})`;
  });
}

/** The stages, each with a bar as long as the share that reached it: none where nobody did. */
export function FunnelBars({ stages }: { readonly stages: readonly StageRow[] }) {
  const names = namesOf(stages);
  return (
    <ol class="chart funnel">
      {stages.map((row, i) => (
        <li key={names[i]} data-stage={names[i]}>
          <span class="stage">{names[i]}</span>
          <span class="value">{formatCount(row.count)}</span>
          <span class="change">{changeOf(row)}</span>
          <span class="track">
            {row.count > 0 && <span class="fill" style={{ width: `${Math.min(100, row.percent_of_first ?? 0)}%` }} />}
          </span>
          {i > 0 && <span class="quiet">{sayShares(row)}</span>}
        </li>
      ))}
    </ol>
  );
}

function sayShares({ percent_of_first, percent_of_previous }: Stage): string {
  const rate = (percent: number | null): string => formatRate((percent ?? 0) / 100);
  return `${rate(percent_of_first)} of first, ${rate(percent_of_previous)} of previous`;
}

interface Staged {
  readonly stages: readonly Stage[];
}

/** A column for each stage behind the first: the share that reaches it. */
export function shareColumns<T extends Staged>(stages: readonly Stage[], bars = false): Column<T>[] {
  return namesOf(stages)
    .slice(1)
    .map((name, i) => ({
      key: name,
      label: name,
      as: 'rate',
      bar: bars && i === stages.length - 2,
      of: (row) => share(row.stages[i + 1]?.percent_of_first),
    }));
}

export function stageColumns(
  stages: readonly StageRow[],
  all: Data<'/v1/funnel'>['all_cities'],
  until: string,
): Column<StageRow>[] {
  const ofAll: Column<StageRow>[] = all
    ? [
        {
          key: 'all',
          label: 'Of first, all cities',
          as: 'rate',
          of: (row) => share(all[stages.indexOf(row)]?.percent_of_first),
        },
      ]
    : [];
  const compared: Column<StageRow>[] = stages.some(({ before }) => before !== undefined)
    ? [
        { key: 'before', label: `Before${until}`, as: 'count' },
        { key: 'change', label: 'Change', as: 'text', of: changeOf },
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
