import { useState } from 'preact/hooks';
import { askAll } from '../api/ask.ts';
import { answerOf, useAnswer } from '../api/use-answer.ts';
import { Choice } from '../panel/choice.tsx';
import { Panel } from '../panel/panel.tsx';
import { useRoom } from '../panel/use-room.ts';
import { useShop } from '../shop.ts';
import { nameAmong } from '../text/item-name.ts';
import { said } from '../words/said.ts';
import type { SectionProps } from './section.ts';

const STATUSES = ['low', 'out', ''] as const;
const CALLED = { low: said('low'), out: said('out of stock'), '': said('all, lowest first') } as const;

/** What runs low, and what is out. */
export function Stock({ change }: SectionProps) {
  const { from, to, refreshMs } = useShop();
  const [status, setStatus] = useState<(typeof STATUSES)[number]>('low');
  const query = { from, to, status, threshold: 20 };
  const { limit, onMore } = useRoom(12);
  const loaded = useAnswer('/v1/inventory', { ...query, limit }, { everyMs: refreshMs });
  return (
    <Panel
      title={said('Inventory')}
      name="inventory"
      isUnfiltered
      hint={status === 'low' ? said('At most 20 left') : said('Lost sales are estimated from the hours with stock')}
      loaded={loaded}
      span={3}
      empty={status === 'low' ? said('Nothing runs low.') : said('Nothing is out of stock.')}
      height={300}
      onChoose={({ item_id }) => change({ product: item_id })}
      controls={
        <Choice
          label={said('Which stock')}
          value={status}
          options={STATUSES}
          called={(one) => CALLED[one]}
          onChoose={setStatus}
        />
      }
      columns={[
        { key: 'item_name', label: said('Item'), as: 'text', of: nameAmong },
        { key: 'stock_level', label: said('Stock'), as: 'count' },
        { key: 'views', label: said('Views'), as: 'count' },
        { key: 'units', label: said('Sold'), as: 'count' },
        { key: 'hours_of_stock_left', label: said('Hours left'), as: 'decimal' },
        { key: 'out_of_stock_hours', label: said('Hours out'), as: 'count' },
        { key: 'lost_sales', label: said('Lost sales, about'), as: 'decimal' },
      ]}
      rows={answerOf(loaded)?.data ?? []}
      onMore={onMore}
      allRows={() => askAll('/v1/inventory', query)}
    />
  );
}
