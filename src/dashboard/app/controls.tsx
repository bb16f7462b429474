import { useState } from 'preact/hooks';
import { answerOf, useAnswer } from './api/ask.ts';
import { addDays, daysBetween } from './text/time.ts';
import { CHOICES, type Change, oneOf, type View } from './view.ts';

const PRESETS = [
  { name: 'Today', days: 1, back: 0 },
  { name: 'Yesterday', days: 1, back: 1 },
  { name: '7 days', days: 7, back: 0 },
  { name: '30 days', days: 30, back: 0 },
] as const;

interface ControlsProps {
  readonly view: View;
  readonly change: Change;
  /** The store's date. */
  readonly today: string;
}

/** Period, comparison, city, interval and theme. */
export function Controls({ view, change, today }: ControlsProps) {
  const from = view.from || today;
  const to = view.to || today;
  return (
    <form class="controls" aria-label="What is shown" onSubmit={(event) => event.preventDefault()}>
      <fieldset class="group">
        <legend class="hidden">Period</legend>
        {PRESETS.map(({ name, days, back }) => {
          const [first, last] = [addDays(today, 1 - days - back), addDays(today, -back)];
          const chosen = first === from && last === to;
          // Today stands for itself, so that a shared link to it stays today's.
          const period = days === 1 && back === 0 ? { from: '', to: '' } : { from: first, to: last };
          return (
            <button key={name} type="button" aria-pressed={chosen} onClick={() => change(period)}>
              {name}
            </button>
          );
        })}
      </fieldset>
      <label>
        From
        <input type="date" value={from} max={to} onChange={(e) => change({ from: e.currentTarget.value, to })} />
      </label>
      <label>
        To
        <input type="date" value={to} min={from} onChange={(e) => change({ from, to: e.currentTarget.value })} />
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={view.compare === 'previous'}
          onChange={(e) => change({ compare: e.currentTarget.checked ? 'previous' : '' })}
        />
        Compare with the {daysBetween(from, to) + 1 === 1 ? 'day' : `${daysBetween(from, to) + 1} days`} before
      </label>
      <CityChoice view={view} change={change} />
      <label>
        Interval
        <select
          value={view.interval}
          onChange={(e) => change({ interval: oneOf(CHOICES.interval, e.currentTarget.value) })}
        >
          <option value="">fits the period</option>
          <option value="hour">hour</option>
          {from !== to && <option value="day">day</option>}
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

function CityChoice({ view, change }: Pick<ControlsProps, 'view' | 'change'>) {
  const loaded = useAnswer('/v1/cities', { from: view.from, to: view.to, rank_by: 'sessions', limit: 100 });
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

/** Asks for a key once; it stays in this browser. */
export function KeyPrompt({ onKey }: { readonly onKey: (key: string) => void }) {
  const [key, setKey] = useState('');
  return (
    <form
      class="panel wide key"
      aria-labelledby="key-title"
      onSubmit={(event) => {
        event.preventDefault();
        if (key.trim() !== '') onKey(key.trim());
      }}
    >
      <h2 id="key-title">A key is needed</h2>
      <p>This server shows its numbers to those with a read key. It stays in this browser.</p>
      <label>
        Read key
        <input type="password" autocomplete="off" value={key} onInput={(e) => setKey(e.currentTarget.value)} />
      </label>
      <button type="submit">Show the numbers</button>
    </form>
  );
}
