import { useEffect, useRef } from 'preact/hooks';
import { CHOICES, type Change, linkTo, type View } from '../view.ts';
import { said } from '../words/said.ts';

type Tab = View['tab'];

export const TABS: Readonly<Record<Tab, string>> = {
  now: said('Now'),
  sales: said('Sales'),
  funnel: said('Funnel'),
  products: said('Products'),
  visitors: said('Visitors'),
  carts: said('Carts'),
  stock: said('Stock'),
  explore: said('Explore'),
  health: said('Health'),
  connect: said('Connect'),
};

interface TabsProps {
  readonly view: View;
  readonly change: Change;
}

/** The sections of the page; each is a link of its own, which can be opened in another tab of the browser. */
export function Tabs({ view, change }: TabsProps) {
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [view.tab]);
  return (
    <nav ref={nav} class="tabs" aria-label={said('Sections')}>
      {CHOICES.tab.map((tab) => (
        <a
          key={tab}
          href={linkTo({ ...view, tab })}
          aria-current={tab === view.tab ? 'page' : undefined}
          onClick={(event) => {
            if (event.ctrlKey || event.metaKey || event.shiftKey) return;
            event.preventDefault();
            change({ tab });
            scrollTo({ top: 0 });
          }}
        >
          {TABS[tab]}
        </a>
      ))}
    </nav>
  );
}
