import { useEffect, useState } from 'preact/hooks';
import { useShop } from '../../shop.ts';
import { formatMoment } from '../../text/time.ts';
import { words } from '../../words/words.ts';
import type { Mark } from './mark.ts';
import type { Place } from './place.ts';
import type { Places } from './use-places.ts';

/** So many are told one by one. */
const TOLD = 6;
const MOST_PX = 280;

/** Told apart by their shapes, not by their colours alone. */
const SHAPES: Readonly<Record<Mark['kind'], string>> = {
  note: 'M10 4a6 6 0 1 0 0 12a6 6 0 0 0 0-12Z',
  import: 'M5 5h10v10h-10Z',
  price: 'M10 3l7 13h-14Z',
};
const SEVERAL = 'M10 1a9 9 0 1 0 0 18a9 9 0 0 0 0-18Z';

/** What happened, on the axis of a chart: read by pointing at it, by keyboard and by touch. */
export function Marks({ width, places }: Places) {
  const [open, setOpen] = useState<string>();
  useEffect(() => {
    if (open === undefined) return undefined;
    const closed = new AbortController();
    const { signal } = closed;
    const close = ({ target }: Event): void => {
      if (!(target instanceof Element && target.closest('.mark'))) setOpen(undefined);
    };
    const closeByKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      // A drawer below stays.
      event.preventDefault();
      setOpen(undefined);
    };
    document.addEventListener('pointerdown', close, { signal });
    document.addEventListener('keydown', closeByKey, { signal });
    return () => closed.abort();
  }, [open]);
  return (
    <>
      {places.map((place) => {
        const id = place.marks[0]?.id ?? '';
        const show = (shown: boolean): void => setOpen(shown ? id : undefined);
        return <OneMark key={id} place={place} width={width} isOpen={open === id} onShow={show} />;
      })}
    </>
  );
}

interface OneMarkProps {
  readonly place: Place;
  readonly width: number;
  readonly isOpen: boolean;
  readonly onShow: (shown: boolean) => void;
}

function OneMark({ place: { x, y, marks }, width, isOpen, onShow }: OneMarkProps) {
  const { notes: says } = words();
  const { timezone } = useShop();
  const [first] = marks;
  const told = (mark: Mark): string => `${formatMoment(mark.at, timezone)}: ${mark.text}`;
  const isOne = marks.length === 1;
  // A finger that leaves has not pointed elsewhere.
  const byMouse = (shown: boolean) => (event: PointerEvent) => {
    if (event.pointerType === 'mouse') onShow(shown);
  };
  return (
    <div
      class={`mark ${isOne ? (first?.color ?? '') : ''}`}
      data-mark={isOne ? first?.kind : 'several'}
      style={{ left: `${x}px`, top: `${y}px` }}
      onPointerEnter={byMouse(true)}
      onPointerLeave={byMouse(false)}
      onPointerDown={(event) => event.stopPropagation()}
    >
      <button
        type="button"
        aria-label={`${says.mark(marks.length)}: ${marks.map(told).join('; ')}`}
        onFocus={() => onShow(true)}
        onBlur={() => onShow(false)}
        onClick={() => onShow(true)}
      >
        <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
          <path d={isOne && first ? SHAPES[first.kind] : SEVERAL} />
          {!isOne && (
            <text x="10" y="10" text-anchor="middle" dominant-baseline="central">
              {marks.length}
            </text>
          )}
        </svg>
      </button>
      {isOpen && <Says x={x} width={width} marks={marks} />}
    </div>
  );
}

/** What a mark says, within the chart's width; its button has the same for who hears it. */
function Says({ x, width, marks }: { readonly x: number; readonly width: number; readonly marks: readonly Mark[] }) {
  const { timezone } = useShop();
  const room = Math.min(MOST_PX, width);
  const left = Math.max(0, Math.min(width - room, x - room / 2)) - x;
  return (
    <div class="mark-says" aria-hidden="true" style={{ width: `${room}px`, left: `calc(50% + ${left}px)` }}>
      {marks.slice(0, TOLD).map((mark) => (
        <p key={mark.id}>
          <span class="quiet">{formatMoment(mark.at, timezone)}</span> {mark.text}
        </p>
      ))}
      {marks.length > TOLD && <p class="quiet">{words().notes.more(marks.length - TOLD)}</p>}
    </div>
  );
}
