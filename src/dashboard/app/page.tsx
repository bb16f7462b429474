import { useEffect, useState } from 'preact/hooks';
import { answerOf, onKeyNeeded, storeKey, useAnswer } from './api/ask.ts';
import { useLive } from './api/live.ts';
import { Controls, KeyPrompt } from './controls.tsx';
import { Carts } from './sections/carts.tsx';
import { Cities } from './sections/cities.tsx';
import { Funnel, FunnelByCity } from './sections/funnel.tsx';
import { Health } from './sections/health.tsx';
import { Money } from './sections/money.tsx';
import { Leaderboard, Now } from './sections/now.tsx';
import { Products } from './sections/products.tsx';
import { Stock } from './sections/stock.tsx';
import { Visitors } from './sections/visitors.tsx';
import { useView } from './view.ts';

export function Page() {
  const [keyNeeded, setKeyNeeded] = useState(false);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => onKeyNeeded(() => setKeyNeeded(true)), []);
  const onKey = (key: string): void => {
    storeKey(key);
    setKeyNeeded(false);
    setAttempt(attempt + 1);
  };
  return (
    <>
      <a class="skip" href="#numbers">
        Skip to the numbers
      </a>
      {keyNeeded ? (
        <main id="numbers">
          <Brand />
          <KeyPrompt onKey={onKey} />
        </main>
      ) : (
        <Numbers key={attempt} />
      )}
    </>
  );
}

function Brand() {
  return (
    <h1>
      <img src="/favicon.svg" alt="" width="28" height="28" /> cartpulse
    </h1>
  );
}

/** Re-renders when the system's theme changes, so that charts take its colours. */
function useTheme(chosen: string): string {
  const [dark, setDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches);
  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const changed = (): void => setDark(query.matches);
    query.addEventListener('change', changed);
    return () => query.removeEventListener('change', changed);
  }, []);
  const theme = chosen || (dark ? 'dark' : 'light');
  document.documentElement.dataset['theme'] = theme;
  return theme;
}

function Numbers() {
  const [view, change] = useView();
  const live = useLive();
  const theme = useTheme(view.theme);
  const today = useAnswer('/v1/revenue', { interval: 'hour' });
  const answer = answerOf(today);
  const currency = answer?.data.currency ?? 'USD';
  const date = answer?.meta.to ?? new Date().toISOString().slice(0, 10);
  const shown = { ...view, from: view.from || date, to: view.to || date };
  const section = { view: shown, change, currency, theme };
  return (
    <>
      <div class="top">
        <Brand />
        <Controls view={view} change={change} today={date} />
      </div>
      <main id="numbers">
        <Now live={live} theme={theme} />
        {view.city !== '' && (
          <p class="filter">
            Showing <b>{view.city}</b>{' '}
            <button type="button" onClick={() => change({ city: '' })}>
              Show all cities
            </button>
          </p>
        )}
        <h2 class="section">Sales</h2>
        <Money {...section} />
        <h2 class="section">Funnel</h2>
        <Funnel {...section} />
        <h2 class="section">Products</h2>
        <Products {...section} />
        <h2 class="section">Cities</h2>
        <Cities {...section} />
        <FunnelByCity {...section} />
        <h2 class="section">Carts</h2>
        <Carts {...section} />
        <h2 class="section">Visitors</h2>
        <Visitors {...section} />
        <h2 class="section">Stock</h2>
        <Stock {...section} />
        <Leaderboard currency={currency} />
        <h2 class="section">Health</h2>
        <Health currency={currency} />
      </main>
      <footer>
        Dates and hours are those of the store ({answer?.meta.timezone ?? 'UTC'}). <a href="/docs">API</a>
      </footer>
    </>
  );
}
