import { answerOf, useAnswer } from './api/use-answer.ts';
import { LabelledChoice } from './panel/choice.tsx';
import { PeriodChoice } from './period-choice.tsx';
import { intervalsOf } from './sections/section.ts';
import { useShop } from './shop.ts';
import { daysBetween } from './text/time.ts';
import { CHOICES, type Change, type View } from './view.ts';

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
      <LabelledChoice
        label="Interval"
        value={intervals.find((one) => one === view.interval) ?? ''}
        options={['', ...intervals]}
        called={(one) => one || 'fits the period'}
        onChoose={(one) => change({ interval: one })}
      />
      <LabelledChoice
        label="Theme"
        value={view.theme}
        options={CHOICES.theme}
        called={(one) => one || 'system'}
        onChoose={(one) => change({ theme: one })}
      />
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
    <LabelledChoice
      label="City"
      value={view.city}
      options={['', ...names]}
      called={(name) => name || 'all'}
      onChoose={(name) => change({ city: name })}
    />
  );
}

/** Those in which there are orders, beside the store's; nothing to choose where that is all. */
function CurrencyChoice({ change }: Pick<ControlsProps, 'change'>) {
  const { currency, currencies, storeCurrency } = useShop();
  const names = [...new Set([storeCurrency, currency, ...currencies.map((one) => one.currency)])];
  if (names.length === 1) return null;
  return (
    <LabelledChoice
      label="Currency"
      value={currency}
      options={names}
      onChoose={(name) => change({ currency: name === storeCurrency ? '' : name })}
    />
  );
}
