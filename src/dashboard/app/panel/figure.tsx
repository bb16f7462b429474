import { formatMove } from '../text/format.ts';
import { Help } from './help.tsx';

/** How a number moved, and whether that is good; neither where nobody can say. */
interface Move {
  readonly text: string;
  readonly side: 'good' | 'bad' | '';
}

interface FigureProps {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly change?: Move | undefined;
  /** Said beside the number. */
  readonly note?: string | undefined;
}

export function Figure({ name, label, value, change, note }: FigureProps) {
  return (
    <div class="figure" data-figure={name}>
      <dt>
        {label} <Help name={name} label={label} />
      </dt>
      <dd>
        <span class="value">{value}</span>
        {change !== undefined && <span class={`change ${change.side}`}>{change.text}</span>}
        {note !== undefined && <span class="change">{note}</span>}
      </dd>
    </div>
  );
}

/** Numbers of which less is better. */
const LESS_IS_BETTER = new Set(['abandonment_rate', 'abandoned', 'abandoned_value', 'bounce_rate', 'refunds']);

type Numbers<K extends string> = { readonly [N in K]: number | null };

/** How each number moved against the period before, where both can be compared; rates in percentage points. */
export function changeOf<K extends string>(
  now: Numbers<K> | undefined,
  before: Numbers<K> | undefined,
): (key: K) => Move | undefined {
  return (key) => {
    const [is, was] = [now?.[key] ?? null, before?.[key] ?? null];
    return is === null || was === null ? undefined : moveOf(key, is, was);
  };
}

export function moveOf(name: string, now: number, before: number): Move {
  const text = formatMove(now, before, name.endsWith('_rate'));
  if (text === '±0' || before === 0) return { text, side: '' };
  return { text, side: now > before === LESS_IS_BETTER.has(name) ? 'bad' : 'good' };
}
