/** One measured figure; where it has a mark to reach, `--check` fails when it is missed. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** What it is compared with in the same run. */
  readonly of?: string;
  readonly atLeast?: number;
  readonly atMost?: number;
  /** The mark is one of a quick hour; in a slow one the ratios say what is to be said. */
  readonly inQuickHour?: true;
}

/** So many events a second kafkajs and JSON.parse take from the topic in a quick hour of the machine. */
export const QUICK_HOUR_PARSED = 300_000;

export const say = (line: string): void => void process.stderr.write(`${line}\n`);

export const missed = ({ value, atLeast, atMost, inQuickHour }: Figure, isQuickHour: boolean): boolean =>
  (isQuickHour || !inQuickHour) &&
  ((atLeast !== undefined && !(value >= atLeast)) || (atMost !== undefined && !(value <= atMost)));

const shown = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(value < 10 ? 2 : 1);

function markOf({ atLeast, atMost, inQuickHour }: Figure): string {
  const mark = atLeast !== undefined ? `≥ ${shown(atLeast)}` : atMost !== undefined ? `≤ ${shown(atMost)}` : '';
  return inQuickHour ? `${mark} in a quick hour` : mark;
}

export function tableOf(figures: readonly Figure[], isQuickHour: boolean): string {
  const rows = figures.map((figure) => {
    const { what, value, unit, of } = figure;
    const verdict = missed(figure, isQuickHour) ? ' missed' : '';
    const figured = [shown(value), unit, of].filter(Boolean).join(' ');
    return `| ${what} | ${figured} | ${markOf(figure)}${verdict} |`;
  });
  return ['| what | figure | mark |', '|---|---|---|', ...rows].join('\n');
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
