import type { ComponentType } from 'preact';
import { Attention } from '../attention/attention.tsx';
import { TABS } from '../bar/tabs.tsx';
import { FeedPanel } from '../feed/feed-panel.tsx';
import { Kpis } from '../kpis/kpis.tsx';
import type { View } from '../view.ts';
import { Accuracy } from './accuracy/accuracy.tsx';
import { Carts } from './carts.tsx';
import { Catalogue } from './catalogue/catalogue.tsx';
import { Connect } from './connect/connect.tsx';
import { EachDimension } from './dimensions/each-dimension.tsx';
import { Ranking } from './dimensions/ranking.tsx';
import { Explore } from './explore/explore.tsx';
import { Funnel } from './funnel/funnel.tsx';
import { Health } from './health.tsx';
import { Leaderboard } from './leaderboard.tsx';
import { Money } from './money.tsx';
import { Now } from './now.tsx';
import { Rising } from './products.tsx';
import type { SectionProps } from './section.ts';
import { Stock } from './stock.tsx';
import { Visitors } from './visitors.tsx';

/** The panels of each tab, in their order. */
const PANELS: Readonly<Record<View['tab'], readonly ComponentType<SectionProps>[]>> = {
  now: [Kpis, Attention, Now, FeedPanel, Rising, Leaderboard],
  sales: [Money],
  funnel: [Funnel],
  products: [Catalogue, Rising],
  visitors: [Visitors, Ranking, EachDimension],
  carts: [Carts],
  stock: [Stock],
  explore: [Explore],
  health: [Health, Accuracy],
  connect: [Connect],
};

export function Section(props: SectionProps) {
  const { tab } = props.view;
  return (
    <>
      <h2 class="hidden">{TABS[tab]}</h2>
      {PANELS[tab].map((Panels, i) => (
        <Panels key={`${tab}${i}`} {...props} />
      ))}
    </>
  );
}
