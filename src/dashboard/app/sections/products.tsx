import { askAll } from '../api/ask.ts';
import { answerOf, useAnswer } from '../api/use-answer.ts';
import { ITEM_COLUMNS } from '../drawers/product.tsx';
import { Panel } from '../panel/panel.tsx';
import { useRoom } from '../panel/use-room.ts';
import { useShop } from '../shop.ts';
import { nameAmong } from '../text/item-name.ts';
import { CHOICES, oneOf } from '../view.ts';
import { said } from '../words/said.ts';
import { GroupChoice } from './catalogue/group-choice.tsx';
import { inView, pathOf } from './catalogue/path.ts';
import { productTrail } from './catalogue/trail.tsx';
import type { SectionProps } from './section.ts';

/** What sells; one that is chosen opens by itself. */
export function Products({ view, change }: SectionProps) {
  const { by, product, brand } = view;
  const { from, to, currency, refreshMs } = useShop();
  const query = { from, to, currency, sort: by, ...inView(pathOf(view)), brand };
  const { limit, onMore } = useRoom(10);
  const loaded = useAnswer('/v1/products', { ...query, limit }, { everyMs: refreshMs });
  const sortBy = (key: string): void => change({ by: oneOf(CHOICES.by, key) });
  return (
    <Panel
      title={said('Popular products')}
      name="popular-products"
      isUnfiltered
      hint={said('Choose one for its own view, or a head to sort by')}
      loaded={loaded}
      empty={said('No product was looked at in this period.')}
      onChoose={({ item_id }) => change({ product: item_id })}
      chosen={({ item_id }) => item_id === product}
      sort={{ by, keys: CHOICES.by, onSort: sortBy }}
      onMore={onMore}
      controls={<GroupChoice group="" change={change} />}
      figures={productTrail({ view, change })}
      span={2}
      height={346}
      columns={ITEM_COLUMNS.map((column) => ({ ...column, bar: column.key === by }))}
      rows={answerOf(loaded)?.data ?? []}
      allRows={() => askAll('/v1/products', query)}
    />
  );
}

/** What is looked at more than usual at this hour. */
export function Rising({ change }: SectionProps) {
  const loaded = useAnswer('/v1/products/rising', { by: 'views', limit: 8 }, { everyMs: 30_000 });
  return (
    <Panel
      title={said('Rising now')}
      name="rising-now"
      isUnfiltered
      hint={said('Views of this hour against the same hour of the days before')}
      loaded={loaded}
      empty={said('Nothing rises above its usual level at this hour.')}
      height={290}
      onChoose={({ item_id }) => change({ product: item_id })}
      columns={[
        { key: 'item_name', label: said('Item'), as: 'text', of: nameAmong },
        { key: 'now', label: said('Views'), as: 'count' },
        { key: 'expected', label: said('Usually'), as: 'decimal', of: usually },
        { key: 'score', label: said('Score'), as: 'decimal', bar: true },
      ]}
      rows={answerOf(loaded)?.data ?? []}
      allRows={() => askAll('/v1/products/rising', { by: 'views' })}
    />
  );
}

/** By now; words where a number would look like nothing. */
function usually({ expected }: { readonly expected: number }): string | number {
  if (expected === 0) return said('none');
  return expected < 0.05 ? said('hardly any') : expected;
}
