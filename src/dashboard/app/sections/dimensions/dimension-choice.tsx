import { Choice } from '../../panel/choice.tsx';
import { useShop } from '../../shop.ts';
import { amid, said } from '../../words/said.ts';
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
      called={(name) => said('by {dimension}', { dimension: amid(calledDimension(name)) })}
      onChoose={(breakdown) => change({ breakdown })}
    />
  );
}
