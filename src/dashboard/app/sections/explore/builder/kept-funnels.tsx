import { KeptList } from '../../../stored/kept-list.tsx';
import { CHOICES, oneOf } from '../../../view.ts';
import { words } from '../../../words/words.ts';
import type { SectionProps } from '../../section.ts';

const NAMES = ['steps', 'counted', 'window', 'cut'] as const;

/** Funnels that are kept by name, in this browser. */
export function KeptFunnels({ view, change }: SectionProps) {
  const { funnel: says } = words().explore;
  const now = new URLSearchParams(NAMES.map((name): [string, string] => [name, view[name]])).toString();
  const open = (text: string): void => {
    const params = new URLSearchParams(text);
    change({
      steps: params.get('steps') ?? '',
      cut: params.get('cut') ?? '',
      counted: oneOf(CHOICES.counted, params.get('counted')),
      window: oneOf(CHOICES.window, params.get('window')),
    });
  };
  return <KeptList id="cartpulse-funnels" now={now} says={says} title={says.saved} onOpen={open} />;
}
