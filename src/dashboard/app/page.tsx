import { useEffect, useState } from 'preact/hooks';
import { onKeyNeeded, storeKey } from './api/key.ts';
import type { Problem } from './api/problem.ts';
import { Connection } from './bar/connection.tsx';
import { Controls } from './bar/controls.tsx';
import { TABS, Tabs } from './bar/tabs.tsx';
import { CurrencyNote } from './currency-note.tsx';
import { DemoNote } from './demo-note.tsx';
import { ProductDrawer } from './drawers/product.tsx';
import { VisitorDrawer } from './drawers/visitor.tsx';
import { KeyPrompt } from './key-prompt.tsx';
import { LiveScope } from './live-scope.tsx';
import { NotesScope } from './notes/notes-scope.tsx';
import { LabelledChoice } from './panel/choice.tsx';
import { Why } from './panel/why.tsx';
import { SecondScreen } from './second-screen/second-screen.tsx';
import { useSecondScreen } from './second-screen/use-second-screen.ts';
import type { SectionProps } from './sections/section.ts';
import { Section } from './sections/sections.tsx';
import { type Scene, ShopContext, ThemeContext, useScene } from './shop.ts';
import { CHOICES, type Change, useView, type View } from './view.ts';
import { language, speak } from './words/language.ts';
import { said } from './words/said.ts';

export { fetchSection } from './sections/sections.tsx';

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
        {said('Skip to the numbers')}
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
  useSecondScreen(view, change);
  const { scene, problem } = useScene(view);
  useEffect(() => {
    document.title = `${TABS[view.tab]} · cartpulse`;
  }, [view.tab]);
  if (scene === undefined) return <Waiting problem={problem} />;
  return (
    <ThemeContext.Provider value={theme}>
      <ShopContext.Provider value={scene.shop}>
        <NotesScope>
          <LiveScope>
            {scene.view.screen === 'second' ? (
              <SecondScreen view={scene.view} change={change} />
            ) : (
              <Screen view={view} change={change} scene={scene} problem={problem} />
            )}
            {scene.view.product !== '' && <ProductDrawer view={scene.view} change={change} />}
            {scene.view.visitor !== '' && <VisitorDrawer view={scene.view} change={change} />}
          </LiveScope>
        </NotesScope>
      </ShopContext.Provider>
    </ThemeContext.Provider>
  );
}

interface ScreenProps extends SectionProps {
  readonly scene: Scene;
  readonly problem: Problem | undefined;
}

function Screen({ view, change, scene, problem }: ScreenProps) {
  return (
    <>
      <header class="top">
        <Brand />
        <Tabs view={view} change={change} />
        <Connection />
        <Controls view={view} change={change} />
      </header>
      <main id="numbers">
        <DemoNote view={view} change={change} />
        <CurrencyNote change={change} />
        {problem ? <Trouble problem={problem} change={change} /> : <Section view={scene.view} change={change} />}
      </main>
      <Footer timezone={scene.shop.timezone} view={view} change={change} />
    </>
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
          {problem ? <Why problem={problem} /> : said('Loading …')}
        </p>
      </main>
    </>
  );
}

/** What is asked for can't be shown, for a reason that holds for all of it. */
function Trouble({ problem, change }: { readonly problem: Problem; readonly change: Change }) {
  return (
    <section class="panel wide" aria-labelledby="trouble" data-panel="trouble">
      <h2 id="trouble">{said('This can’t be shown')}</h2>
      <p role="alert">
        <Why problem={problem} />
      </p>
      <p>
        <button
          type="button"
          onClick={() => change({ from: '', to: '', currency: '', filter: '', compare: 'previous' })}
        >
          {said('Show today')}
        </button>
      </p>
    </section>
  );
}

const THEMES = { '': said('system'), light: said('light'), dark: said('dark') } as const;
const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;

interface FooterProps {
  readonly timezone: string;
  readonly view: View;
  readonly change: Change;
}

function Footer({ timezone, view, change }: FooterProps) {
  return (
    <footer>
      <span>{said('Dates and hours are those of the store ({timezone}).', { timezone })}</span>
      <LabelledChoice
        label={said('Theme')}
        value={view.theme}
        options={CHOICES.theme}
        called={(one) => THEMES[one]}
        onChoose={(one) => change({ theme: one })}
      />
      <LabelledChoice
        label={said('Language')}
        value={language()}
        options={['en', 'de']}
        called={(one) => LANGUAGES[one]}
        onChoose={speak}
      />
      <button type="button" onClick={() => change({ screen: 'second' })}>
        {said('Second screen (f)')}
      </button>
      <a href="/docs">API</a>
    </footer>
  );
}
