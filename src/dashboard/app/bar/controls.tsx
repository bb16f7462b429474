import { answerOf, useAnswer } from '../api/use-answer.ts';
import { Choice } from '../panel/choice.tsx';
import { intervalsOf } from '../sections/section.ts';
import { useShop } from '../shop.ts';
import { daysBetween, formatDay } from '../text/time.ts';
import { CHOICES, type Change, type View } from '../view.ts';
import { Menu } from './menu.tsx';
import { PeriodChoice, presetOf } from './period-choice.tsx';

interface ControlsProps {
  readonly view: View;
  readonly change: Change;
}

/** Period, comparison, city, currency and interval, in one row; on a narrow screen behind two buttons. */
export function Controls({ view, change }: ControlsProps) {
  const shop = useShop();
  const { from, to } = shop;
  const period = presetOf(shop) ?? (from === to ? formatDay(from) : `${formatDay(from)} – ${formatDay(to)}`);
  return (
    <form class="controls" aria-label="What is shown" onSubmit={(event) => event.preventDefault()}>
      {view.city !== '' && (
        <span class="filter">
          {view.city}{' '}
          <button type="button" aria-label="Show all cities" onClick={() => change({ city: '' })}>
            ✕
          </button>
        </span>
      )}
      <Menu name="period" label={period}>
        <PeriodChoice view={view} change={change} />
      </Menu>
      <Menu name="filters" label="Filters">
        <CompareChoice view={view} change={change} />
        <CityChoice view={view} change={change} />
        <CurrencyChoice change={change} />
        <IntervalChoice view={view} change={change} />
      </Menu>
    </form>
  );
}

function CompareChoice({ view, change }: ControlsProps) {
  const { from, to } = useShop();
  const days = daysBetween(from, to) + 1;
  const previous = days === 1 ? 'vs the day before' : `vs ${days} days before`;
  return (
    <Choice
      label="Compared"
      value={view.compare}
      options={CHOICES.compare}
      called={(one) => (one === 'previous' ? previous : 'not compared')}
      onChoose={(compare) => change({ compare })}
    />
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
    <Choice
      label="City"
      value={view.city}
      options={['', ...names]}
      called={(name) => name || 'all cities'}
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
    <Choice
      label="Currency"
      value={currency}
      options={names}
      onChoose={(name) => change({ currency: name === storeCurrency ? '' : name })}
    />
  );
}

const INTERVALS = { '': 'by what fits', hour: 'by hour', day: 'by day' } as const;

function IntervalChoice({ view, change }: ControlsProps) {
  const intervals = intervalsOf(useShop());
  return (
    <Choice
      label="Interval"
      value={intervals.find((one) => one === view.interval) ?? ''}
      options={['', ...intervals]}
      called={(one) => INTERVALS[one]}
      onChoose={(one) => change({ interval: one })}
    />
  );
}
