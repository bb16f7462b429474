import type { ComponentType } from 'preact';
import { Attention } from '../attention/attention.tsx';
import { TABS } from '../bar/tabs.tsx';
import { FeedPanel } from '../feed/feed-panel.tsx';
import { Kpis } from '../kpis/kpis.tsx';
import { later } from '../panel/later.tsx';
import type { View } from '../view.ts';
import { Carts } from './carts.tsx';
import { Catalogue } from './catalogue/catalogue.tsx';
import { EachDimension } from './dimensions/each-dimension.tsx';
import { Ranking } from './dimensions/ranking.tsx';
import { Funnel } from './funnel/funnel.tsx';
import { Health } from './health.tsx';
import { Leaderboard } from './leaderboard.tsx';
import { Money } from './money.tsx';
import { Now } from './now.tsx';
import { Rising } from './products.tsx';
import type { SectionProps } from './section.ts';
import { Stock } from './stock.tsx';
import { Visitors } from './visitors.tsx';

const Explore = later<SectionProps>(async () => (await import('./explore/explore.tsx')).Explore);
const Accuracy = later<SectionProps>(async () => (await import('./accuracy/accuracy.tsx')).Accuracy);
const Connect = later<SectionProps>(async () => (await import('./connect/connect.tsx')).Connect);
const LATER: Partial<Record<View['tab'], { fetch(): Promise<unknown> }>> = {
  explore: Explore,
  health: Accuracy,
  connect: Connect,
};

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

/** Brings what the tab is drawn with, so that nothing moves when it comes. */
export async function fetchSection(tab: View['tab']): Promise<void> {
  // Where that fails, the part says so in its place.
  await LATER[tab]?.fetch().catch(() => undefined);
}

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
