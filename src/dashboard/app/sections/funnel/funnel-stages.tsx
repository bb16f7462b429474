import type { Data } from '../../api/answers.ts';
import type { Column } from '../../panel/columns.ts';
import { calledStage } from '../../text/events.ts';
import { counted, formatCount, formatMove, formatRate, writeSeconds } from '../../text/format.ts';
import { said } from '../../words/said.ts';

type Stage = Data<'/v1/funnel'>['stages'][number];

/** A stage, and the count of the period before that it is compared with. */
export interface StageRow extends Stage {
  readonly now?: number | undefined;
  readonly before?: number | undefined;
}

export const share = (percent: number | null | undefined): number | null => (percent == null ? null : percent / 100);

const changeOf = ({ now, before }: StageRow): string | undefined =>
  now === undefined || before === undefined ? undefined : formatMove(now, before, false);

/** What the stages are named, or called, so that one that comes again has a name of its own. */
export function namesOf(stages: readonly Stage[], called: (stage: string) => string = String): string[] {
  return stages.map(({ stage }, i) => {
    const times = stages.slice(0, i + 1).filter((one) => one.stage === stage).length;
    return times === 1 ? called(stage) : `${called(stage)} (${times})`;
  });
}

interface FunnelBarsProps {
  readonly stages: readonly StageRow[];
  readonly chosen: string;
  readonly onChoose: (stage: string) => void;
}

/**
 * The stages, each with a bar as long as the share that reached it, hatched
 * where those of the stage before left, and a line below as long as before.
 */
export function FunnelBars({ stages, chosen, onChoose }: FunnelBarsProps) {
  const wasFirst = stages[0]?.before;
  const names = namesOf(stages);
  const called = namesOf(stages, calledStage);
  return (
    <ol class="chart funnel">
      {stages.map((row, i) => (
        <li key={names[i]} data-stage={names[i]}>
          {i === 0 ? (
            <span class="stage">{called[i]}</span>
          ) : (
            <button
              type="button"
              class="stage link"
              aria-pressed={names[i] === chosen}
              onClick={() => onChoose(names[i] === chosen ? '' : (names[i] ?? ''))}
            >
              {called[i]}
            </button>
          )}
          <span class="value">{formatCount(row.count)}</span>
          <span class="change">{changeOf(row)}</span>
          <Track row={row} last={stages[i - 1]} ghost={wasFirst ? (row.before ?? 0) / wasFirst : undefined} />
          <span class="quiet">{i > 0 && sayShares(row)}</span>
        </li>
      ))}
    </ol>
  );
}

interface TrackProps {
  readonly row: StageRow;
  readonly last: StageRow | undefined;
  /** The share that reached it in the period before. */
  readonly ghost: number | undefined;
}

function Track({ row, last, ghost }: TrackProps) {
  const reached = Math.min(100, row.percent_of_first ?? 0);
  const left = Math.max(0, Math.min(100, last?.percent_of_first ?? 0) - reached);
  return (
    <span class="track">
      {row.count > 0 && <span class="fill" style={{ width: `${reached}%` }} />}
      {left > 0 && <span class="left" style={{ width: `${left}%` }} />}
      {ghost !== undefined && <span class="ghost" style={{ width: `${Math.min(100, 100 * ghost)}%` }} />}
    </span>
  );
}

function sayShares({ percent_of_first, percent_of_previous, drop_off, median_seconds }: StageRow): string {
  const rate = (percent: number | null): string => formatRate((percent ?? 0) / 100);
  const took =
    median_seconds == null
      ? ''
      : median_seconds < 1
        ? said(', half of them within a second')
        : said(', half of them within {time}', { time: writeSeconds(median_seconds) });
  const left = drop_off > 0 ? counted(drop_off, '; one left', '; {n} left') : '';
  // The time is that of those who came on, so it stands with them.
  return `${said('{first} of all, {previous} of the stage before', { first: rate(percent_of_first), previous: rate(percent_of_previous) })}${took}${left}`;
}

interface Staged {
  readonly stages: readonly Stage[];
}

/** A column for each stage behind the first: the share that reaches it; bars stand in that of one of them. */
export function shareColumns<T extends Staged>(stages: readonly Stage[], barred?: string): Column<T>[] {
  const called = namesOf(stages, calledStage);
  return namesOf(stages)
    .slice(1)
    .map((name, i) => ({
      key: name,
      label: called[i + 1] ?? name,
      as: 'rate',
      bar: name === barred,
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
          label: said('Of first, all'),
          as: 'rate',
          of: (row) => share(all[stages.indexOf(row)]?.percent_of_first),
        },
      ]
    : [];
  const compared: Column<StageRow>[] = stages.some(({ before }) => before !== undefined)
    ? [
        { key: 'before', label: said('Before') + until, as: 'count' },
        { key: 'change', label: said('Change'), as: 'move', of: changeOf },
      ]
    : [];
  return [
    { key: 'stage', label: said('Stage'), as: 'text', of: ({ stage }) => calledStage(stage) },
    { key: 'count', label: said('Count'), as: 'count' },
    { key: 'of_first', label: said('Of first'), as: 'rate', of: (row) => share(row.percent_of_first) },
    ...ofAll,
    { key: 'of_previous', label: said('Of previous'), as: 'rate', of: (row) => share(row.percent_of_previous) },
    { key: 'drop_off', label: said('Drop-off'), as: 'count' },
    { key: 'median_seconds', label: said('Median time'), as: 'seconds' },
    { key: 'p90_seconds', label: said('90 % within'), as: 'seconds' },
    ...compared,
  ];
}
