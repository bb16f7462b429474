import { Unfiltered } from '../panel/unfiltered.tsx';
import { said } from '../words/said.ts';
import { FeedList } from './feed-list.tsx';
import { useFeed } from './use-feed.ts';

/** Orders and carts as they come, with names and amounts. */
export function FeedPanel() {
  const { happenings, nameOf, watch } = useFeed();
  return (
    <section ref={watch} class="panel" aria-labelledby="as-it-comes" data-panel="feed" data-state="loaded">
      <div>
        <h3 id="as-it-comes">{said('As it comes')}</h3>
        <Unfiltered />
      </div>
      <FeedList happenings={happenings} nameOf={nameOf} most={12} />
    </section>
  );
}
