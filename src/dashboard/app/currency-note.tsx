import { useShop } from './shop.ts';
import { counted, formatCount } from './text/format.ts';
import type { Change } from './view.ts';
import { said } from './words/said.ts';

/** Says which orders the amounts leave out, since amounts of several currencies are never added up. */
export function CurrencyNote({ change }: { readonly change: Change }) {
  const { currency, storeCurrency, currencies } = useShop();
  const others = currencies.filter((one) => one.currency !== currency);
  if (others.length === 0) return null;
  const shown = currencies.find((one) => one.currency === currency)?.orders ?? 0;
  const inOthers = others
    .map(({ currency: name, orders }) => said('{n} in {currency}', { n: formatCount(orders), currency: name }))
    .join(', ');
  return (
    <p class={shown === 0 ? 'banner urgent' : 'banner'} role="status" data-note="currency">
      <span>
        {shown === 0
          ? said('No order of this period is in {currency}, so amounts are 0: there are {counted}.', {
              currency,
              counted: inOthers,
            })
          : counted(
              shown,
              'Amounts are those of one order in {currency}; beside it are {counted}.',
              'Amounts are those of {n} orders in {currency}; beside them are {counted}.',
              { currency, counted: inOthers },
            )}
      </span>
      {others.slice(0, 3).map(({ currency: name }) => (
        <button key={name} type="button" onClick={() => change({ currency: name === storeCurrency ? '' : name })}>
          {said('Show {currency}', { currency: name })}
        </button>
      ))}
    </p>
  );
}
