import { KeptList } from '../../../stored/kept-list.tsx';
import { viewOf, writeView } from '../../../view.ts';
import { words } from '../../../words/words.ts';
import type { SectionProps } from '../../section.ts';

/** Funnels that are kept by name: views of this builder, of which the steps and how they are counted are taken. */
export function KeptFunnels({ view: { steps, counted, window, cut }, change }: SectionProps) {
  const { funnel: says } = words().explore;
  const now = writeView({ ...viewOf(''), tab: 'explore', explore: 'funnel', steps, counted, window, cut });
  const open = (text: string): void => {
    const kept = viewOf(text);
    change({ steps: kept.steps, counted: kept.counted, window: kept.window, cut: kept.cut });
  };
  return <KeptList id="cartpulse-funnels" now={now} isOne={isFunnel} says={says} title={says.saved} onOpen={open} />;
}

function isFunnel(query: string): boolean {
  const { tab, explore } = viewOf(query);
  return tab === 'explore' && explore === 'funnel';
}
