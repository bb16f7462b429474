/** One measured figure; where it has a mark to reach, `--check` fails when it is missed. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** What it is compared with in the same run. */
  readonly of?: string;
  readonly atLeast?: number;
  readonly atMost?: number;
}

export const say = (line: string): void => void process.stderr.write(`${line}\n`);

export const missed = ({ value, atLeast, atMost }: Figure): boolean =>
  (atLeast !== undefined && value < atLeast) || (atMost !== undefined && value > atMost);

const shown = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(value < 10 ? 2 : 1);

export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const { what, value, unit, of, atLeast, atMost } = figure;
    const mark = atLeast !== undefined ? `≥ ${shown(atLeast)}` : atMost !== undefined ? `≤ ${shown(atMost)}` : '';
    return `| ${what} | ${shown(value)} ${unit}${of ? ` ${of}` : ''} | ${mark}${missed(figure) ? ' missed' : ''} |`;
  });
  return ['| what | figure | to reach |', '|---|---|---|', ...rows].join('\n');
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
