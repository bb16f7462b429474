import { Choice } from '../../panel/choice.tsx';
import { useShop } from '../../shop.ts';
import type { SectionProps } from '../section.ts';
import { breakdownOf, calledDimension } from './dimension.ts';

interface DimensionChoiceProps extends SectionProps {
  readonly label: string;
}

/** By which dimension the page breaks its numbers down: all panels together. */
export function DimensionChoice({ view, change, label }: DimensionChoiceProps) {
  const shop = useShop();
  return (
    <Choice
      label={label}
      value={breakdownOf(view, shop)}
      options={shop.dimensions}
      called={(name) => `by ${calledDimension(name).toLowerCase()}`}
      onChoose={(breakdown) => change({ breakdown })}
    />
  );
}
