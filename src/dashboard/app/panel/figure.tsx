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

type Numbers<K extends string> = { readonly [N in K]: number | null };

/** How each number moved against the period before, where both can be compared. */
export function changeOf<K extends string>(
  now: Numbers<K> | undefined,
  before: Numbers<K> | undefined,
): (key: K) => string | undefined {
  return (key) => {
    const [is, was] = [now?.[key] ?? null, before?.[key] ?? null];
    return is === null || was === null ? undefined : formatChange(is, was);
  };
}
