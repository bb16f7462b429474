import { useShop } from './shop.ts';
import { formatCount } from './text/format.ts';
import type { Change } from './view.ts';

/** Says which orders the amounts leave out, since amounts of several currencies are never added up. */
export function CurrencyNote({ change }: { readonly change: Change }) {
  const { currency, storeCurrency, currencies } = useShop();
  const others = currencies.filter((one) => one.currency !== currency);
  if (others.length === 0) return null;
  const shown = currencies.find((one) => one.currency === currency)?.orders ?? 0;
  const counted = others.map(({ currency: name, orders }) => `${formatCount(orders)} in ${name}`).join(', ');
  return (
    <p class={shown === 0 ? 'banner urgent' : 'banner'} role="status" data-note="currency">
      <span>
        {shown === 0
          ? `No order of this period is in ${currency}, so amounts are 0: there are ${counted}.`
          : `Amounts are those of ${formatCount(shown)} orders in ${currency}; beside them are ${counted}.`}
      </span>
      {others.slice(0, 3).map(({ currency: name }) => (
        <button key={name} type="button" onClick={() => change({ currency: name === storeCurrency ? '' : name })}>
          Show {name}
        </button>
      ))}
    </p>
  );
}
