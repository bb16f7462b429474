import { KeptList } from '../stored/kept-list.tsx';
import { type Change, type View, viewOf, writeView } from '../view.ts';
import { words } from '../words/words.ts';
import { ShareLink } from './share-link.tsx';

interface KeptViewsProps {
  readonly view: View;
  readonly change: Change;
}

/** What is shown now, kept under a name: opened later as it was, in this browser; and a link to it for others. */
export function KeptViews({ view, change }: KeptViewsProps) {
  const { views: says } = words();
  const open = (text: string): void => change(viewOf(text));
  return (
    <>
      <KeptList id="cartpulse-views" now={writeView(view)} says={says} title={says.title} onOpen={open} />
      <ShareLink view={view} />
    </>
  );
}
