import { formatChange } from '../text/format.ts';

interface FigureProps {
  readonly label: string;
  readonly value: string;
  readonly change?: string | undefined;
  readonly name?: string;
}

export function Figure({ label, value, change, name }: FigureProps) {
  return (
    <div class="figure" data-figure={name ?? label}>
      <dt>{label}</dt>
      <dd>
        <span class="value">{value}</span>
        {change !== undefined && <span class="change">{change}</span>}
      </dd>
    </div>
  );
}

/** How each number of an answer moved against the period before, where there is one. */
export function changeOf<T extends object>(now: T, before: T | undefined): (key: keyof T) => string | undefined {
  return (key) => (before ? formatChange(Number(now[key]), Number(before[key])) : undefined);
}
