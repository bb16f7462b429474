import { Choice } from '../../../panel/choice.tsx';
import { words } from '../../../words/words.ts';
import { CONDITIONS, type ConditionName, type FunnelStep } from './steps.ts';

interface ConditionsProps {
  readonly step: FunnelStep;
  readonly number: number;
  readonly onChange: (step: FunnelStep) => void;
}

/** What a step is narrowed to: each a name and a value, which counts when it is left or Enter is pressed. */
export function Conditions({ step, number, onChange }: ConditionsProps) {
  const { funnel: says } = words().explore;
  const { where } = step;
  const free = CONDITIONS.filter((name) => !where.some((one) => one.name === name));
  const to = (next: FunnelStep['where']): void => onChange({ ...step, where: next });
  const [next] = free;
  return (
    <>
      {where.map((one, i) => (
        <div class="group condition" key={one.name}>
          <span class="quiet">{says.only}</span>
          <Choice<ConditionName>
            label={says.condition(number)}
            value={one.name}
            options={CONDITIONS.filter((name) => name === one.name || free.includes(name))}
            called={(name) => says.conditions[name]}
            onChoose={(name) => to(where.with(i, { name, value: '' }))}
          />
          <input
            type="text"
            aria-label={says.value(says.conditions[one.name], number)}
            value={one.value}
            onChange={(event) => to(where.with(i, { ...one, value: event.currentTarget.value.trim() }))}
          />
          <button
            type="button"
            aria-label={says.drop(says.conditions[one.name], number)}
            onClick={() => to(where.toSpliced(i, 1))}
          >
            ✕
          </button>
        </div>
      ))}
      {next !== undefined && (
        <button
          type="button"
          class="link"
          aria-label={says.whereOf(number)}
          onClick={() => to([...where, { name: next, value: '' }])}
        >
          {says.where}
        </button>
      )}
    </>
  );
}
