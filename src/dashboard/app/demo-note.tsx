import { answerOf, useAnswer } from './api/use-answer.ts';
import { type Change, linkTo, type View } from './view.ts';
import { said } from './words/said.ts';

interface DemoNoteProps {
  readonly view: View;
  readonly change: Change;
}

/** Says that a shop is simulated, or was and is still in the numbers, and where that is taken back or one's own comes in. */
export function DemoNote({ view, change }: DemoNoteProps) {
  const loaded = useAnswer('/v1/demo', {}, { everyMs: 60_000 });
  const demo = answerOf(loaded)?.data;
  if (view.tab === 'connect' || demo?.counted !== true) return null;
  return (
    <p class="banner" data-note="demo">
      <span>
        {demo.running
          ? said('All numbers here are of a simulated shop.')
          : said('Simulated events are in these numbers: a simulated shop ran here.')}
      </span>
      <a
        href={linkTo({ ...view, tab: 'connect' })}
        onClick={(event) => {
          event.preventDefault();
          change({ tab: 'connect' });
        }}
      >
        {demo.running ? said('Connect your own') : said('Take them back')}
      </a>
    </p>
  );
}
