import type { ComponentType } from 'preact';
import { CHOICES, linkTo, type View } from '../../view.ts';
import { words } from '../../words/words.ts';
import type { SectionProps } from '../section.ts';
import { BoughtTogether } from './bought-together.tsx';
import { OwnFunnel } from './builder/own-funnel.tsx';
import { Customers } from './customers.tsx';
import { Retention } from './retention.tsx';

const QUESTIONS: Readonly<Record<View['explore'], ComponentType<SectionProps>>> = {
  retention: Retention,
  customers: Customers,
  together: BoughtTogether,
  funnel: OwnFunnel,
};

/** Questions to the archive, one at a time: only the one that is open is asked. */
export function Explore(props: SectionProps) {
  const { view, change } = props;
  const { explore } = words();
  const Question = QUESTIONS[view.explore];
  return (
    <>
      <nav class="wide group questions" aria-label={explore.questions}>
        {CHOICES.explore.map((one) => (
          <a
            key={one}
            href={linkTo({ ...view, explore: one })}
            aria-current={one === view.explore ? 'page' : undefined}
            onClick={(event) => {
              if (event.ctrlKey || event.metaKey || event.shiftKey) return;
              event.preventDefault();
              change({ explore: one });
            }}
          >
            {explore.called[one]}
          </a>
        ))}
      </nav>
      <Question key={view.explore} {...props} />
    </>
  );
}
