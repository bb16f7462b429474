import { useEffect, useState } from 'preact/hooks';
import { type Shop, useShop } from '../shop.ts';
import { addDays, daysBetween } from '../text/time.ts';
import type { Change, View } from '../view.ts';
import { said } from '../words/said.ts';

const PRESETS = [
  { name: said('Today'), days: 1, back: 0 },
  { name: said('Yesterday'), days: 1, back: 1 },
  { name: said('7 days'), days: 7, back: 0 },
  { name: said('30 days'), days: 30, back: 0 },
  { name: said('90 days'), days: 90, back: 0 },
] as const;

interface Dates {
  readonly from: string;
  readonly to: string;
}

/** The most that the server adds up at once. */
const MAX_DAYS = 1_100;

function whatIsWrongWith({ from, to }: Dates): string | undefined {
  if (from === '' || to === '') return said('Both dates are needed.');
  if (from > to) return said('The first date lies behind the last.');
  return daysBetween(from, to) >= MAX_DAYS ? said('At most 1,100 days can be shown.') : undefined;
}

const datesOf = ({ days, back }: (typeof PRESETS)[number], today: string): Dates => ({
  from: addDays(today, 1 - days - back),
  to: addDays(today, -back),
});

/** How the period is called, where it is one of the usual ones. */
export function presetOf({ from, to, today }: Shop): string | undefined {
  return PRESETS.find((preset) => {
    const dates = datesOf(preset, today);
    return dates.from === from && dates.to === to;
  })?.name;
}

interface PeriodChoiceProps {
  readonly view: View;
  readonly change: Change;
  /** Told when one of the usual periods was chosen. */
  readonly onPreset: () => void;
}

export function PeriodChoice({ view, change, onPreset }: PeriodChoiceProps) {
  const { today } = useShop();
  const shown = { from: view.from || today, to: view.to || today };
  return (
    <>
      <fieldset class="group">
        <legend class="hidden">{said('Period')}</legend>
        {PRESETS.map((preset) => {
          const { name, days, back } = preset;
          const period = datesOf(preset, today);
          const isToday = days === 1 && back === 0;
          return (
            <button
              key={name}
              type="button"
              aria-pressed={period.from === shown.from && period.to === shown.to}
              // Today stands for itself, so that a shared link to it stays today's.
              onClick={() => {
                change(isToday ? { from: '', to: '' } : period);
                onPreset();
              }}
            >
              {name}
            </button>
          );
        })}
      </fieldset>
      <DateFields shown={shown} today={today} change={change} />
    </>
  );
}

interface DateFieldsProps {
  readonly shown: Dates;
  readonly today: string;
  readonly change: Change;
}

/**
 * Two dates that are typed or picked, and shown when they are left
 * or Enter is pressed: a date that is half typed is another one.
 */
function DateFields({ shown, today, change }: DateFieldsProps) {
  const [draft, setDraft] = useState<Dates>(shown);
  const [wrong, setWrong] = useState<string>();
  useEffect(() => {
    setDraft(shown);
    setWrong(undefined);
  }, [shown.from, shown.to]);
  const isChanged = draft.from !== shown.from || draft.to !== shown.to;
  const apply = (): void => {
    if (!isChanged) return;
    const problem = whatIsWrongWith(draft);
    setWrong(problem);
    if (problem === undefined) change(draft.from === today && draft.to === today ? { from: '', to: '' } : draft);
  };
  const field = (name: keyof Dates, label: string) => (
    <label>
      {label}
      <input
        type="date"
        value={draft[name]}
        aria-invalid={wrong !== undefined}
        aria-describedby="period-problem"
        onInput={(e) => setDraft({ ...draft, [name]: e.currentTarget.value })}
        onKeyDown={(e) => {
          if (e.key === 'Enter') apply();
        }}
      />
    </label>
  );
  return (
    <fieldset
      class="group"
      onFocusOut={({ currentTarget, relatedTarget }) => {
        if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) apply();
      }}
    >
      <legend class="hidden">{said('Dates')}</legend>
      {field('from', said('From'))}
      {field('to', said('To'))}
      {isChanged && (
        <button type="button" onClick={apply}>
          {said('Show')}
        </button>
      )}
      <span id="period-problem" class="problem" role="status">
        {wrong}
      </span>
    </fieldset>
  );
}
