import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { SHOP_EVENT_NAMES } from '../../../../../events/names.ts';
import { Choice } from '../../../panel/choice.tsx';
import { calledInShop } from '../../../text/events.ts';
import { words } from '../../../words/words.ts';
import { Conditions } from './conditions.tsx';
import { type FunnelStep, MOST_STEPS, swapped } from './steps.ts';

interface StepListProps {
  readonly steps: readonly FunnelStep[];
  readonly onChange: (steps: readonly FunnelStep[]) => void;
}

/** Steps one below the other: each with its buttons, so that they are moved and removed by keyboard as well. */
export function StepList({ steps, onChange }: StepListProps) {
  const { funnel: says } = words().explore;
  const list = useRef<HTMLOListElement>(null);
  const focusOn = useRef<string>(undefined);
  const [said, setSaid] = useState('');
  // What was pressed goes elsewhere with its step, and takes the focus along.
  useLayoutEffect(() => {
    const { current: selector } = focusOn;
    focusOn.current = undefined;
    const found = selector === undefined ? null : list.current?.querySelector(selector);
    if (found instanceof HTMLElement) found.focus();
  });
  const move = (from: number, to: number): void => {
    // The button that leads further is off at the end.
    const isEnd = to === 0 || to === steps.length - 1;
    const way = to < from === isEnd ? 'down' : 'up';
    focusOn.current = `li:nth-child(${to + 1}) .${way}`;
    setSaid(says.moved(to + 1, steps.length));
    onChange(swapped(steps, from, to));
  };
  const remove = (at: number): void => {
    focusOn.current = `li:nth-child(${Math.max(1, Math.min(at + 1, steps.length - 1))}) select`;
    onChange(steps.toSpliced(at, 1));
  };
  const add = (): void => {
    focusOn.current = `li:nth-child(${steps.length + 1}) select`;
    onChange([...steps, { name: 'purchase', where: [] }]);
  };
  return (
    <>
      <ol ref={list} class="steps">
        {steps.map((step, i) => (
          <li key={i} data-step={step.name}>
            <StepHead
              step={step}
              at={i}
              of={steps.length}
              onName={(name) => onChange(steps.with(i, { ...step, name }))}
              onMove={(to) => move(i, to)}
              onRemove={() => remove(i)}
            />
            <Conditions step={step} number={i + 1} onChange={(next) => onChange(steps.with(i, next))} />
          </li>
        ))}
      </ol>
      <p>
        <button type="button" class="add-step" disabled={steps.length >= MOST_STEPS} onClick={add}>
          {says.add}
        </button>
        <span class="hidden" role="status">
          {said}
        </span>
      </p>
    </>
  );
}

interface StepHeadProps {
  readonly step: FunnelStep;
  readonly at: number;
  readonly of: number;
  readonly onName: (name: string) => void;
  readonly onMove: (to: number) => void;
  readonly onRemove: () => void;
}

function StepHead({ step: { name }, at, of, onName, onMove, onRemove }: StepHeadProps) {
  const { funnel: says } = words().explore;
  const n = at + 1;
  return (
    <div class="group">
      <span class="quiet">{says.step(n)}</span>
      <Choice
        label={says.event(n)}
        value={name}
        options={[...new Set([name, ...SHOP_EVENT_NAMES])]}
        called={calledInShop}
        onChoose={onName}
      />
      <button type="button" class="up" aria-label={says.up(n)} disabled={at === 0} onClick={() => onMove(at - 1)}>
        ↑
      </button>
      <button type="button" class="down" aria-label={says.down(n)} disabled={n === of} onClick={() => onMove(at + 1)}>
        ↓
      </button>
      <button type="button" class="remove" aria-label={says.remove(n)} disabled={of === 1} onClick={onRemove}>
        ✕
      </button>
    </div>
  );
}
