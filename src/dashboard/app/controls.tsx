import { answerOf, useAnswer } from './api/use-answer.ts';
import { PeriodChoice } from './period-choice.tsx';
import { intervalsOf } from './sections/section.ts';
import { useShop } from './shop.ts';
import { daysBetween } from './text/time.ts';
import { CHOICES, type Change, oneOf, type View } from './view.ts';

interface ControlsProps {
  readonly view: View;
  readonly change: Change;
}

/** Period, comparison, city, currency, interval and theme. */
export function Controls({ view, change }: ControlsProps) {
  const shop = useShop();
  const days = daysBetween(shop.from, shop.to) + 1;
  const intervals = intervalsOf(shop);
  return (
    <form class="controls" aria-label="What is shown" onSubmit={(event) => event.preventDefault()}>
      <PeriodChoice view={view} change={change} />
      <label class="check">
        <input
          type="checkbox"
          checked={view.compare === 'previous'}
          onChange={(e) => change({ compare: e.currentTarget.checked ? 'previous' : '' })}
        />
        Compare with the {days === 1 ? 'day' : `${days} days`} before
      </label>
      <CityChoice view={view} change={change} />
      <CurrencyChoice change={change} />
      <label>
        Interval
        <select
          value={intervals.find((one) => one === view.interval) ?? ''}
          onChange={(e) => change({ interval: oneOf(CHOICES.interval, e.currentTarget.value) })}
        >
          <option value="">fits the period</option>
          {intervals.map((interval) => (
            <option key={interval} value={interval}>
              {interval}
            </option>
          ))}
        </select>
      </label>
      <label>
        Theme
        <select value={view.theme} onChange={(e) => change({ theme: oneOf(CHOICES.theme, e.currentTarget.value) })}>
          <option value="">system</option>
          <option value="light">light</option>
          <option value="dark">dark</option>
        </select>
      </label>
    </form>
  );
}

/** The cities that may be chosen are the same for long. */
const CITIES_MS = 5 * 60_000;

function CityChoice({ view, change }: ControlsProps) {
  const { from, to } = useShop();
  const query = { from, to, rank_by: 'sessions', limit: 100 } as const;
  const loaded = useAnswer('/v1/cities', query, { everyMs: CITIES_MS });
  const rows = answerOf(loaded)?.data ?? [];
  const names = [...new Set([view.city, ...rows.map(({ city }) => city)])].filter((name) => name !== '');
  return (
    <label>
      City
      <select value={view.city} onChange={(e) => change({ city: e.currentTarget.value })}>
        <option value="">all</option>
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Those in which there are orders, beside the store's; nothing to choose where that is all. */
function CurrencyChoice({ change }: Pick<ControlsProps, 'change'>) {
  const { currency, currencies, storeCurrency } = useShop();
  const names = [...new Set([storeCurrency, currency, ...currencies.map((one) => one.currency)])];
  if (names.length === 1) return null;
  return (
    <label>
      Currency
      <select
        value={currency}
        onChange={({ currentTarget: { value } }) => change({ currency: value === storeCurrency ? '' : value })}
      >
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
