import { useState } from 'preact/hooks';
import { answerOf, useAnswer } from '../api/use-answer.ts';
import { filterOf } from '../filter.ts';
import { Choice } from '../panel/choice.tsx';
import { calledDimension, calledValue, calledValues, usualOf, valueIn } from '../sections/dimensions/dimension.ts';
import { useShop } from '../shop.ts';
import type { Change, View } from '../view.ts';
import { amid, said } from '../words/said.ts';

interface FilterProps {
  readonly view: View;
  readonly change: Change;
}

/** What the page is narrowed down to, and the way back to all. */
export function FilterChip({ view, change }: FilterProps) {
  const filter = filterOf(view);
  if (filter === undefined) return null;
  const called = calledDimension(filter.dimension);
  const value = calledValue(filter.value);
  return (
    <span class="filter">
      <span class="quiet">{called}</span>{' '}
      <span class="cut" title={value}>
        {value}
      </span>
      <button
        type="button"
        aria-label={said('Show all {values}', { values: calledValues(filter.dimension) })}
        onClick={() => change({ filter: '' })}
      >
        ✕
      </button>
    </span>
  );
}

/** The values that may be chosen are the same for long. */
const VALUES_MS = 5 * 60_000;

/** A value of any dimension; one at a time, as the server answers. */
export function FilterChoice({ view, change }: FilterProps) {
  const { from, to, dimensions } = useShop();
  const filter = filterOf(view);
  const [chosen, setChosen] = useState<string>();
  const dimension = chosen ?? filter?.dimension ?? usualOf(dimensions);
  const query = { from, to, rank_by: 'sessions', limit: 100 } as const;
  const options = { params: { dimension }, everyMs: VALUES_MS };
  const loaded = useAnswer('/v1/breakdowns/{dimension}', query, options);
  const rows = answerOf(loaded)?.data ?? [];
  const value = filter?.dimension === dimension ? filter.value : '';
  const values = [...new Set([value, ...rows.map((row) => valueIn(row, dimension))])].filter((one) => one !== '');
  return (
    <>
      <Choice
        label={said('Filter by')}
        value={dimension}
        options={[...new Set([...dimensions, dimension])]}
        called={(name) => said('Filter: {dimension}', { dimension: amid(calledDimension(name)) })}
        onChoose={setChosen}
        name="dimensions"
      />
      <Choice
        label={calledDimension(dimension)}
        value={value}
        options={['', ...values]}
        called={(name) => calledValue(name) || said('all {values}', { values: calledValues(dimension) })}
        onChoose={(name) => change({ filter: name === '' ? '' : `${dimension}:${name}` })}
        name="values"
      />
    </>
  );
}
