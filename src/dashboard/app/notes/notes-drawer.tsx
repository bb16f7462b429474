import { useState } from 'preact/hooks';
import type { Problem } from '../api/problem.ts';
import { send } from '../api/send.ts';
import { LabelledChoice } from '../panel/choice.tsx';
import { Drawer } from '../panel/drawer.tsx';
import { Why } from '../panel/why.tsx';
import { useShop } from '../shop.ts';
import { formatMoment, localTime } from '../text/time.ts';
import { said } from '../words/said.ts';
import { words } from '../words/words.ts';
import { type Note, useNotes } from './notes-scope.tsx';

const COLORS = ['gray', 'red', 'orange', 'green', 'blue', 'purple'] as const;
const MAX_TEXT = 280;

/** Notes on charts: one is made, and those of the period are there to be removed. */
export function NotesDrawer({ onClose }: { readonly onClose: () => void }) {
  const { notes: says } = words();
  const { notes, isKnown, problem } = useNotes();
  return (
    <Drawer label={says.title} onClose={onClose}>
      <NewNote />
      <section class="panel" aria-labelledby="kept-notes" data-panel="notes">
        <h3 id="kept-notes">{says.kept}</h3>
        {problem && (
          <p class="state failed" role="alert">
            <Why problem={problem} />
          </p>
        )}
        {!isKnown && <p class="state">{said('Loading …')}</p>}
        {isKnown && !problem && notes.length === 0 && <p class="state">{says.none}</p>}
        <ul class="notes">
          {notes.map((note) => (
            <KeptNote key={note.id} note={note} />
          ))}
        </ul>
      </section>
    </Drawer>
  );
}

/** Now, where the period is not over; else within its last day. */
function useUsualMoment(): string {
  const { to, today, timezone } = useShop();
  const day = to.slice(0, 10);
  return day < today ? `${day}T12:00` : localTime(Date.now(), timezone).slice(0, 16);
}

function NewNote() {
  const { notes: says } = words();
  const { timezone } = useShop();
  const { changed } = useNotes();
  const usual = useUsualMoment();
  const [at, setAt] = useState(usual);
  const [text, setText] = useState('');
  const [color, setColor] = useState<(typeof COLORS)[number]>('gray');
  const [wrong, setWrong] = useState<Problem>();
  const make = async (): Promise<void> => {
    const sent = await send('POST', '/v1/notes', { at, text, color });
    setWrong('problem' in sent ? sent.problem : undefined);
    if ('problem' in sent) return;
    setText('');
    changed();
  };
  return (
    <form
      class="panel note-form"
      aria-labelledby="new-note"
      onSubmit={(event) => {
        event.preventDefault();
        void make();
      }}
    >
      <h3 id="new-note">{says.add}</h3>
      <p class="hint">{says.hint(timezone)}</p>
      <div class="group">
        <label>
          {says.at}
          <input type="datetime-local" required value={at} onInput={(event) => setAt(event.currentTarget.value)} />
        </label>
        <LabelledChoice
          label={says.color}
          value={color}
          options={COLORS}
          called={(one) => says.colors[one]}
          onChoose={setColor}
        />
      </div>
      <label class="note-text">
        {says.text}
        <input
          type="text"
          required
          maxLength={MAX_TEXT}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <div class="group">
        <button type="submit" disabled={text.trim() === ''}>
          {says.save}
        </button>
        <span class="problem" role="alert">
          {wrong && <Why problem={wrong} />}
        </span>
      </div>
    </form>
  );
}

function KeptNote({ note: { id, at, text, color } }: { readonly note: Note }) {
  const { notes: says } = words();
  const { timezone } = useShop();
  const { changed } = useNotes();
  const [wrong, setWrong] = useState<Problem>();
  const remove = async (): Promise<void> => {
    const sent = await send('DELETE', `/v1/notes/${id}`);
    // Somebody else may have removed it.
    if ('problem' in sent && sent.problem.status !== 404) setWrong(sent.problem);
    else changed();
  };
  return (
    <li class={`kept-note ${color}`}>
      <span class="note-says">
        <span class="quiet">{formatMoment(at, timezone)}</span> {text}
      </span>
      <button type="button" aria-label={says.remove(text)} onClick={() => void remove()}>
        ✕
      </button>
      {wrong && (
        <span class="problem" role="alert">
          <Why problem={wrong} />
        </span>
      )}
    </li>
  );
}
