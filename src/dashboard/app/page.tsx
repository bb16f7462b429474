import { useEffect, useState } from 'preact/hooks';
import type { Problem } from './api/ask.ts';
import { onKeyNeeded, storeKey } from './api/key.ts';
import { Controls } from './controls.tsx';
import { CurrencyNote } from './currency-note.tsx';
import { KeyPrompt } from './key-prompt.tsx';
import { Carts } from './sections/carts.tsx';
import { Cities } from './sections/cities.tsx';
import { Funnel } from './sections/funnel/funnel.tsx';
import { FunnelByCity } from './sections/funnel/funnel-by-city.tsx';
import { Health } from './sections/health.tsx';
import { Leaderboard } from './sections/leaderboard.tsx';
import { Money } from './sections/money.tsx';
import { Now } from './sections/now.tsx';
import { Products } from './sections/products.tsx';
import type { SectionProps } from './sections/section.ts';
import { Stock } from './sections/stock.tsx';
import { Visitors } from './sections/visitors.tsx';
import { ShopContext, ThemeContext, useScene } from './shop.ts';
import { type Change, useView } from './view.ts';

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
      {keyNeeded ? <Locked onKey={onKey} /> : <Numbers key={attempt} />}
    </>
  );
}

function Locked({ onKey }: { readonly onKey: (key: string) => void }) {
  return (
    <>
      <header class="top">
        <Brand />
      </header>
      <main id="numbers">
        <KeyPrompt onKey={onKey} />
      </main>
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
  const theme = useTheme(view.theme);
  const { scene, problem } = useScene(view);
  if (scene === undefined) return <Waiting problem={problem} />;
  return (
    <ThemeContext.Provider value={theme}>
      <ShopContext.Provider value={scene.shop}>
        <header class="top">
          <Brand />
          <Controls view={view} change={change} />
        </header>
        <main id="numbers">
          <CurrencyNote change={change} />
          <Now />
          {problem ? <Trouble problem={problem} change={change} /> : <Sections view={scene.view} change={change} />}
        </main>
        <footer>
          Dates and hours are those of the store ({scene.shop.timezone}). <a href="/docs">API</a>
        </footer>
      </ShopContext.Provider>
    </ThemeContext.Provider>
  );
}

/** Until the shop's day and currency are known. */
function Waiting({ problem }: { readonly problem: Problem | undefined }) {
  return (
    <>
      <header class="top">
        <Brand />
      </header>
      <main id="numbers">
        <p class={problem ? 'state wide failed' : 'state wide'} role="status">
          {problem?.message ?? 'Loading …'}
        </p>
      </main>
    </>
  );
}

/** What is asked for can't be shown, for a reason that holds for all of it. */
function Trouble({ problem, change }: { readonly problem: Problem; readonly change: Change }) {
  return (
    <section class="panel wide" aria-labelledby="trouble" data-panel="trouble">
      <h2 id="trouble">This can’t be shown</h2>
      <p role="alert">{problem.message}</p>
      <p>
        <button type="button" onClick={() => change({ from: '', to: '', currency: '', city: '', compare: '' })}>
          Show today
        </button>
      </p>
    </section>
  );
}

function Sections(props: SectionProps) {
  const { view, change } = props;
  return (
    <>
      {view.city !== '' && (
        <p class="filter">
          Showing <b>{view.city}</b>{' '}
          <button type="button" onClick={() => change({ city: '' })}>
            Show all cities
          </button>
        </p>
      )}
      <h2 class="section">Sales</h2>
      <Money {...props} />
      <h2 class="section">Funnel</h2>
      <Funnel {...props} />
      <h2 class="section">Products</h2>
      <Products {...props} />
      <h2 class="section">Cities</h2>
      <Cities {...props} />
      <FunnelByCity {...props} />
      <h2 class="section">Carts</h2>
      <Carts {...props} />
      <h2 class="section">Visitors</h2>
      <Visitors {...props} />
      <h2 class="section">Stock</h2>
      <Stock {...props} />
      <Leaderboard />
      <h2 class="section">Health</h2>
      <Health />
    </>
  );
}
