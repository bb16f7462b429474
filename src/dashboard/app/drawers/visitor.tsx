import { answerOf, useAnswer } from '../api/use-answer.ts';
import { Drawer } from '../panel/drawer.tsx';
import { Panel } from '../panel/panel.tsx';
import { useRoom } from '../panel/use-room.ts';
import type { SectionProps } from '../sections/section.ts';
import { useItemNames } from '../sections/use-item-names.ts';
import { useShop } from '../shop.ts';
import { calledInShop } from '../text/events.ts';
import { said } from '../words/said.ts';

/** What one visitor did, newest first. */
export function VisitorDrawer({ view: { visitor }, change }: SectionProps) {
  const { from, to, refreshMs } = useShop();
  const { limit, onMore } = useRoom(50);
  const loaded = useAnswer(
    '/v1/users/{user_id}/interactions',
    { from, to, limit },
    { params: { user_id: visitor }, everyMs: refreshMs },
  );
  const { nameOf } = useItemNames({ from, to });
  return (
    <Drawer label={said('Visitor')} onClose={() => change({ visitor: '' })}>
      <Panel
        title={said('Way through the shop')}
        name="way-through-the-shop"
        hint={visitor}
        loaded={loaded}
        empty={said('Nothing of this visitor is kept for this period: only the newest interactions are.')}
        height={400}
        onMore={onMore}
        onChoose={({ item_id = '' }) => change({ visitor: '', product: item_id })}
        columns={[
          { key: 'timestamp', label: said('When'), as: 'moment' },
          { key: 'name', label: said('What'), as: 'text', of: ({ name }) => calledInShop(name) },
          {
            key: 'product',
            label: said('Product'),
            as: 'text',
            opens: true,
            of: ({ item_id }) => (item_id === undefined ? undefined : nameOf(item_id)),
          },
        ]}
        rows={answerOf(loaded)?.data ?? []}
      />
    </Drawer>
  );
}
