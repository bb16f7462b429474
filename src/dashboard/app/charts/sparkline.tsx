type Values = readonly (number | null | undefined)[];

const [WIDTH, HEIGHT] = [120, 28];

interface SparklineProps {
  /** Of buckets that are over: one that is not would look like a fall. */
  readonly values: Values;
  readonly before: Values | undefined;
  readonly buckets: number;
}

/** The course of a number at a glance; its chart and table say the rest. */
export function Sparkline({ values, before = [], buckets }: SparklineProps) {
  const all = [...values, ...before].filter((value) => value != null);
  const [most, least] = [Math.max(...all, 0), Math.min(...all, 0)];
  const path = (line: Values): string => pathOf(line, buckets, (value) => (value - least) / (most - least || 1));
  return (
    <svg class="sparkline" viewBox={`0 -2 ${WIDTH} ${HEIGHT + 4}`} preserveAspectRatio="none" aria-hidden="true">
      <path class="before" d={path(before)} />
      <path d={path(values)} />
    </svg>
  );
}

function pathOf(line: Values, buckets: number, height: (value: number) => number): string {
  let isDown = false;
  const at = (value: number, i: number): string => {
    const x = buckets < 2 ? 0 : (i / (buckets - 1)) * WIDTH;
    const move = isDown ? 'L' : 'M';
    isDown = true;
    return `${move}${x.toFixed(1)} ${(HEIGHT * (1 - height(value))).toFixed(1)}`;
  };
  return line
    .map((value, i) => {
      if (value != null) return at(value, i);
      isDown = false;
      return '';
    })
    .join('');
}
