import { answerOf, useAnswer } from './api/use-answer.ts';
import { type Change, linkTo, type View } from './view.ts';
import { said } from './words/said.ts';

interface DemoNoteProps {
  readonly view: View;
  readonly change: Change;
}

/** Says that a shop is simulated, and where one's own comes in. */
export function DemoNote({ view, change }: DemoNoteProps) {
  const loaded = useAnswer('/v1/demo', {}, { everyMs: 60_000 });
  if (view.tab === 'connect' || answerOf(loaded)?.data.running !== true) return null;
  return (
    <p class="banner" data-note="demo">
      <span>{said('A simulated shop, with thirty days behind it.')}</span>
      <a
        href={linkTo({ ...view, tab: 'connect' })}
        onClick={(event) => {
          event.preventDefault();
          change({ tab: 'connect' });
        }}
      >
        {said('Connect your own')}
      </a>
    </p>
  );
}
