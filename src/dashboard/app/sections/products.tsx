import { answerOf, useAnswer } from '../api/ask.ts';
import { Panel } from '../panel/panel.tsx';
import { CHOICES, oneOf } from '../view.ts';
import { ITEM_COLUMNS, Product } from './product.tsx';
import { nameOf, type SectionProps } from './section.ts';

/** What sells, what rises at this hour, and one product by itself where one is chosen. */
export function Products(props: SectionProps) {
  return (
    <>
      <Popular {...props} />
      <Rising {...props} />
      {props.view.product !== '' && <Product {...props} />}
    </>
  );
}

function Popular({ view: { from, to, by, product }, change, currency }: SectionProps) {
  const loaded = useAnswer('/v1/products', { from, to, sort: by, limit: 10 });
  return (
    <Panel
      title="Popular products"
      hint="All cities; choose one for its own view"
      loaded={loaded}
      currency={currency}
      empty="No product was looked at in this period."
      onChoose={({ item_id }) => change({ product: item_id })}
      chosen={({ item_id }) => item_id === product}
      controls={
        <select
          aria-label="Sorted by"
          value={by}
          onChange={(e) => change({ by: oneOf(CHOICES.by, e.currentTarget.value) })}
        >
          {CHOICES.by.map((sort) => (
            <option key={sort} value={sort}>
              by {sort}
            </option>
          ))}
        </select>
      }
      span={2}
      columns={ITEM_COLUMNS.map((column) => ({ ...column, bar: column.key === by }))}
      rows={answerOf(loaded)?.data ?? []}
    />
  );
}

function Rising({ change, currency }: SectionProps) {
  const loaded = useAnswer('/v1/products/rising', { by: 'views', limit: 8 });
  return (
    <Panel
      title="Rising now"
      hint="This hour against the same hour of the days before"
      loaded={loaded}
      currency={currency}
      empty="Nothing rises above its usual level at this hour."
      onChoose={({ item_id }) => change({ product: item_id })}
      columns={[
        { key: 'item_name', label: 'Item', as: 'text', of: nameOf },
        { key: 'now', label: 'Views this hour', as: 'count' },
        { key: 'expected', label: 'Expected', as: 'decimal' },
        { key: 'score', label: 'Score', as: 'decimal', bar: true },
      ]}
      rows={answerOf(loaded)?.data ?? []}
    />
  );
}
