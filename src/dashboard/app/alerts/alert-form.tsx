import { useId, useState } from 'preact/hooks';
import { ownProblem, type Problem } from '../api/problem.ts';
import { send } from '../api/send.ts';
import { answerOf, useAnswer } from '../api/use-answer.ts';
import { LabelledChoice } from '../panel/choice.tsx';
import { Why } from '../panel/why.tsx';
import { formatPrecise } from '../text/format.ts';
import { words } from '../words/words.ts';
import { calledNumber } from './described.ts';
import { COMPARISONS, type Draft, draftOf, isByWeeks, ruleOf, timesOf, WAYS, type Watch, type Way } from './watch.ts';

interface AlertFormProps {
  readonly watch: Watch;
  readonly onMade: (made: Made) => void;
}

/** What came of it: how it is called, and by what its webhook is signed. */
export interface Made {
  readonly name: string;
  readonly secrets: readonly string[];
}

const FORMS: Readonly<Record<Way, string>> = {
  webhook: 'https?://.+',
  slack: 'https?://.+',
  email: '[^@ ]+@[^@ ]+',
};
const LASTING = ['0', '15', '30', '60', '120'] as const;

/** An alert, filled in from a finding. */
export function AlertForm({ watch, onMade }: AlertFormProps) {
  const { alerts: says } = words();
  const [draft, setDraft] = useState(() => draftOf(watch));
  const [wrong, setWrong] = useState<Problem>();
  const [isSending, setSending] = useState(false);
  const make = async (): Promise<void> => {
    const isWhole = draft.name.trim() !== '' && draft.address.trim() !== '' && Number.isFinite(numberIn(draft.than));
    if (!isWhole) return setWrong(ownProblem(says.incomplete));
    setSending(true);
    const sent = await send<{ readonly data: Made }>('POST', '/v1/alerts', ruleOf(watch, draft));
    setSending(false);
    if ('problem' in sent) return setWrong(whyOf(sent.problem));
    setWrong(undefined);
    if (sent.answer) onMade(sent.answer.data);
  };
  return (
    <form
      class="panel alert-form"
      aria-labelledby="new-alert"
      data-panel="new-alert"
      data-state="loaded"
      onSubmit={(event) => {
        event.preventDefault();
        void make();
      }}
    >
      <h3 id="new-alert">{says.title}</h3>
      <Field label={says.name} value={draft.name} most={128} onInput={(name) => setDraft({ ...draft, name })} />
      <p>
        <span class="quiet">{says.what}</span> <b>{calledNumber(watch)}</b> <Now watch={watch} over={draft.over} />
      </p>
      <Condition watch={watch} draft={draft} onChange={setDraft} />
      <Target draft={draft} onChange={setDraft} />
      <p class="problem" role="alert">
        {wrong && <Why problem={wrong} />}
      </p>
      <button type="submit" disabled={isSending}>
        {says.make}
      </button>
    </form>
  );
}

const whyOf = (problem: Problem): Problem =>
  problem.status === 400 ? { ...problem, message: words().alerts.refused } : problem;

/** Nothing is no number. */
const numberIn = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text));

/** Beside the number of which an alert is to tell: whoever names a limit sees where it lies. */
function Now({ watch: { answer, field, filter = {} }, over }: { readonly watch: Watch; readonly over: number }) {
  const { alerts: says } = words();
  const asked = { answer, field, filter: String(new URLSearchParams(filter)), ...(over > 0 && { over_minutes: over }) };
  const loaded = useAnswer('/v1/alerts/value', asked);
  const value = answerOf(loaded)?.data.value;
  return (
    <span class="quiet now-value" ref={loaded.watch}>
      {value == null ? '' : says.value(formatPrecise(value))}
    </span>
  );
}

interface PartProps {
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
}

function Condition({ watch, draft, onChange }: PartProps & { readonly watch: Watch }) {
  const { alerts: says } = words();
  // A fall is one of a time that is over.
  const times = [...(isByWeeks(draft.is) ? [] : [0]), ...timesOf(watch.answer)];
  const compare = (is: Draft['is']): void => {
    const over = isByWeeks(is) && draft.over === 0 ? 60 : draft.over;
    onChange({ ...draft, is, over, ...(isByWeeks(is) !== isByWeeks(draft.is) && { than: '50' }) });
  };
  return (
    <>
      <div class="group">
        <LabelledChoice
          label={says.when}
          value={draft.is}
          options={COMPARISONS}
          called={(one) => says.comparisons[one]}
          onChoose={compare}
        />
        <label>
          <span class="hidden">{says.than}</span>
          <input
            type="number"
            step="any"
            value={draft.than}
            onInput={(event) => onChange({ ...draft, than: event.currentTarget.value })}
          />
        </label>
      </div>
      {isByWeeks(draft.is) && <p class="quiet">{says.byWeeks}</p>}
      <div class="group">
        <LabelledChoice
          label={says.over}
          value={String(draft.over)}
          options={times.map(String)}
          called={(one) => (one === '0' ? says.today : says.minutes(Number(one)))}
          onChoose={(one) => onChange({ ...draft, over: Number(one) })}
        />
        <LabelledChoice
          label={says.for}
          value={String(draft.forMinutes)}
          options={LASTING}
          called={(one) => (one === '0' ? says.atOnce : says.minutes(Number(one)))}
          onChoose={(one) => onChange({ ...draft, forMinutes: Number(one) })}
        />
      </div>
    </>
  );
}

function Target({ draft, onChange }: PartProps) {
  const { alerts: says } = words();
  return (
    <>
      <div class="group">
        <LabelledChoice
          label={says.by}
          value={draft.way}
          options={WAYS}
          called={(one) => says.ways[one]}
          onChoose={(way) => onChange({ ...draft, way })}
        />
      </div>
      <Field
        label={says.addresses[draft.way]}
        value={draft.address}
        most={2_048}
        pattern={FORMS[draft.way]}
        onInput={(address) => onChange({ ...draft, address })}
      />
    </>
  );
}

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly most: number;
  /** What has to stand in it; the browser says so. */
  readonly pattern?: string;
  readonly onInput: (value: string) => void;
}

function Field({ label, value, most, pattern, onInput }: FieldProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="text"
        pattern={pattern}
        autocomplete="off"
        maxLength={most}
        value={value}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </div>
  );
}
