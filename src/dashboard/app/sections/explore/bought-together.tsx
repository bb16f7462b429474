import { useState } from 'preact/hooks';
import { answerOf, useAnswer } from '../../api/use-answer.ts';
import { useArchive } from '../../api/use-archive.ts';
import { Choice } from '../../panel/choice.tsx';
import { Panel } from '../../panel/panel.tsx';
import { useShop } from '../../shop.ts';
import { nameAmong } from '../../text/item-name.ts';
import { words } from '../../words/words.ts';
import type { SectionProps } from '../section.ts';

const OFFERED = 200;
const MOST = 50;
const SLOW_MS = 5 * 60_000;

/** What lies in the same orders as a product that is chosen here. */
export function BoughtTogether({ view: { item }, change }: SectionProps) {
  const { from, to, currency } = useShop();
  const { together: says } = words().explore;
  const query = { from, to, currency, sort: 'orders', limit: OFFERED } as const;
  const loaded = useAnswer('/v1/products', query, { everyMs: SLOW_MS });
  const products = answerOf(loaded)?.data.filter(({ orders }) => orders > 0) ?? [];
  const called = (id: string): string => {
    const product = products.find(({ item_id }) => item_id === id);
    return product ? nameAmong(product, products) : id;
  };
  const chosen = item || products[0]?.item_id;
  const options = [...new Set([...(chosen ? [chosen] : []), ...products.map(({ item_id }) => item_id)])];
  if (chosen === undefined)
    return (
      <section class="panel wide" data-panel="together" data-state={loaded.state === 'loading' ? 'loading' : 'empty'}>
        <h3>{says.title}</h3>
        <p class="state">{loaded.state === 'loading' ? words().archive.waiting : says.noProducts}</p>
      </section>
    );
  const choice = (
    <Choice
      label={says.choose}
      value={chosen}
      options={options}
      called={called}
      onChoose={(id) => change({ item: id })}
    />
  );
  return <Together item={chosen} called={called(chosen)} controls={choice} change={change} isWide />;
}

interface TogetherProps extends Pick<SectionProps, 'change'> {
  readonly item: string;
  readonly called: string;
  readonly controls?: preact.ComponentChildren;
  readonly isWide?: boolean;
}

function Together({ item, called, controls, change, isWide = false }: TogetherProps) {
  const { from, to } = useShop();
  const { together: says } = words().explore;
  const query = { from, to, limit: MOST };
  const loaded = useArchive('/v1/products/{item_id}/bought-together', query, { item_id: item });
  return (
    <Panel
      title={says.title}
      isUnfiltered
      name="together"
      hint={says.hint(called)}
      {...(isWide && { span: 3 as const })}
      height={200}
      loaded={loaded}
      waiting={words().archive.waiting}
      empty={says.empty}
      controls={controls}
      onChoose={({ item_id }) => change({ product: item_id })}
      columns={[
        { key: 'item_name', label: says.item, as: 'text', of: nameAmong },
        { key: 'orders', label: says.orders, as: 'count', bar: true },
        { key: 'share', label: says.share, as: 'rate' },
        { key: 'lift', label: says.lift, as: 'decimal' },
      ]}
      rows={answerOf(loaded)?.data ?? []}
    />
  );
}

/** Of the product that is open; asked only when it is wished, since the archive is read for it. */
export function TogetherOnDemand({ view: { product }, change }: SectionProps) {
  const [isOpen, setOpen] = useState(false);
  const { together: says } = words().explore;
  if (isOpen) return <Together item={product} called={product} change={change} />;
  return (
    <p>
      <button type="button" onClick={() => setOpen(true)}>
        {says.open}
      </button>
    </p>
  );
}
