import { Choice } from '../panel/choice.tsx';
import { intervalsOf } from '../sections/section.ts';
import { useShop } from '../shop.ts';
import { daysBetween, formatPeriod } from '../text/time.ts';
import { CHOICES, type Change, type View } from '../view.ts';
import { said } from '../words/said.ts';
import { words } from '../words/words.ts';
import { FilterChip, FilterChoice } from './filter-choice.tsx';
import { KeptViews } from './kept-views.tsx';
import { Menu } from './menu.tsx';
import { PeriodChoice, presetOf } from './period-choice.tsx';

interface ControlsProps {
  readonly view: View;
  readonly change: Change;
}

/** Period, comparison, filter, currency and interval, in one row; on a narrow screen behind two buttons. */
export function Controls({ view, change }: ControlsProps) {
  const shop = useShop();
  const { from, to } = shop;
  const period = presetOf(shop) ?? formatPeriod(from, to);
  return (
    <form class="controls" aria-label={said('What is shown')} onSubmit={(event) => event.preventDefault()}>
      <FilterChip view={view} change={change} />
      <Menu name="period" label={period}>
        {(close) => <PeriodChoice view={view} change={change} onPreset={close} />}
      </Menu>
      <Menu name="filters" label={said('Filters')}>
        {() => (
          <>
            <CompareChoice view={view} change={change} />
            <FilterChoice view={view} change={change} />
            <CurrencyChoice change={change} />
            <IntervalChoice view={view} change={change} />
          </>
        )}
      </Menu>
      <Menu name="views" label={words().views.opener}>
        {() => <KeptViews view={view} change={change} />}
      </Menu>
    </form>
  );
}

function CompareChoice({ view, change }: ControlsProps) {
  const { from, to } = useShop();
  const days = daysBetween(from, to) + 1;
  const called: Readonly<Record<View['compare'], string>> = {
    previous: days === 1 ? said('vs the day before') : said('vs {n} days before', { n: String(days) }),
    week: said('vs a week before'),
    year: said('vs a year before'),
    yesterday: said('vs a day before'),
    none: said('not compared'),
  };
  // Of one day, the day before is the period before.
  const options = CHOICES.compare.filter((one) => one !== 'yesterday' || view.compare === one);
  return (
    <Choice
      label={said('Compared')}
      value={view.compare}
      options={options}
      called={(one) => called[one]}
      onChoose={(compare) => change({ compare })}
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
      label={said('Currency')}
      value={currency}
      options={names}
      onChoose={(name) => change({ currency: name === storeCurrency ? '' : name })}
    />
  );
}

const INTERVALS = { '': said('automatic steps'), hour: said('by hour'), day: said('by day') } as const;

function IntervalChoice({ view, change }: ControlsProps) {
  const intervals = intervalsOf(useShop());
  return (
    <Choice
      label={said('Interval')}
      value={intervals.find((one) => one === view.interval) ?? ''}
      options={['', ...intervals]}
      called={(one) => INTERVALS[one]}
      onChoose={(one) => change({ interval: one })}
    />
  );
}
