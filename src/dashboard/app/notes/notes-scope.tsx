import { type ComponentChildren, createContext } from 'preact';
import { useContext, useMemo } from 'preact/hooks';
import type { Data } from '../api/answers.ts';
import type { Problem } from '../api/problem.ts';
import { answerOf, useAnswer } from '../api/use-answer.ts';
import type { Mark } from '../charts/marks/mark.ts';
import { type MarkedBucket, markedBuckets } from '../charts/marks/mark.ts';
import type { Timeline } from '../charts/timeline.ts';
import { useShop } from '../shop.ts';
import { formatCount } from '../text/format.ts';
import { words } from '../words/words.ts';

export type Note = Data<'/v1/notes'>[number];
type Import = Data<'/v1/imports'>[number];

const NOTES_MS = 60_000;
/** They come by hand, and seldom; each brings its report along. */
const IMPORTS_MS = 5 * 60_000;
const NONE: readonly never[] = [];

interface Notes {
  readonly isKnown: boolean;
  /** Why they can't be had. */
  readonly problem: Problem | undefined;
  /** Of the period, the newest first. */
  readonly notes: readonly Note[];
  /** What stands on charts over time: notes, and where imported data begin and end. */
  readonly marks: readonly Mark[];
  /** Asks for the notes anew, since one was made or removed. */
  readonly changed: () => void;
}

const NotesContext = createContext<Notes>({
  isKnown: false,
  problem: undefined,
  notes: NONE,
  marks: NONE,
  changed: () => undefined,
});

export const useNotes = (): Notes => useContext(NotesContext);

/** Asks once for all charts what happened beside their numbers. */
export function NotesScope({ children }: { readonly children: ComponentChildren }) {
  const { from, to } = useShop();
  const asked = useAnswer('/v1/notes', { from, to, limit: 1_000 }, { everyMs: NOTES_MS });
  const imported = useAnswer('/v1/imports', { limit: 50 }, { everyMs: IMPORTS_MS });
  const notes = answerOf(asked)?.data ?? NONE;
  const imports = answerOf(imported)?.data ?? NONE;
  const isKnown = asked.state !== 'loading';
  const problem = asked.state === 'failed' ? asked.problem : undefined;
  const known = useMemo(() => {
    const ofPeriod = imports.flatMap(marksOf).filter(({ at }) => isWithin(at, from, to));
    return { isKnown, problem, notes, marks: [...notes.map(markOf), ...ofPeriod], changed: asked.again };
  }, [isKnown, problem, notes, imports, from, to, asked.again]);
  return <NotesContext.Provider value={known}>{children}</NotesContext.Provider>;
}

/** What happened in each bucket of a chart; the same object while nothing else did. */
export function useMarks(timeline: Timeline): readonly MarkedBucket[] {
  const { marks } = useNotes();
  return useMemo(() => markedBuckets(timeline, marks), [timeline, marks]);
}

const isDate = (text: string): boolean => text.length === '2026-11-28'.length;

/** Dates are the store's and included; a date-time at the end is not. */
function isWithin(at: string, from: string, to: string): boolean {
  const isBegun = isDate(from) ? at.slice(0, 10) >= from : Date.parse(at) >= Date.parse(from);
  return isBegun && (isDate(to) ? at.slice(0, 10) <= to : Date.parse(at) < Date.parse(to));
}

const markOf = ({ id, at, text, color }: Note): Mark => ({ id, kind: 'note', at, text, color });

/** A file changes numbers where what it holds begins and ends, not where it was sent. */
function marksOf({ import_id, format, state, report }: Import): Mark[] {
  const { first_event_at: first, last_event_at: last, events = 0 } = report ?? {};
  if (state !== 'done' || first === undefined || last === undefined) return [];
  const { notes: says } = words();
  const file = says.file(format, formatCount(events));
  const mark = (end: string, at: string, text: string): Mark => ({
    id: `${import_id} ${end}`,
    kind: 'import',
    at,
    text,
  });
  return [mark('first', first, says.importBegins(file)), mark('last', last, says.importEnds(file))];
}
