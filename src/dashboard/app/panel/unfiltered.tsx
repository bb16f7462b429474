import { useShop } from '../shop.ts';
import { said } from '../words/said.ts';

/** Where the view is filtered: says that these numbers are not, whatever the filter is. */
export function Unfiltered() {
  const { filter } = useShop();
  return filter === undefined ? null : <span class="hint unfiltered">{said('Not filtered: the whole shop')}</span>;
}
