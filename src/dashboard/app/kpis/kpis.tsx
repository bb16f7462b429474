import { useCallback } from 'preact/hooks';
import { useLive } from '../api/live.ts';
import { Sparkline } from '../charts/sparkline.tsx';
import { moveOf } from '../panel/figure.tsx';
import { Help } from '../panel/help.tsx';
import { Unfiltered } from '../panel/unfiltered.tsx';
import type { SectionProps } from '../sections/section.ts';
import { useShop } from '../shop.ts';
import { counted, format, writeMoney } from '../text/format.ts';
import { CHOICES } from '../view.ts';
import { said } from '../words/said.ts';
import { MainChart } from './main-chart.tsx';
import { type Course, useSalesCourses, useVisitCourses } from './use-courses.ts';
import { againstOf } from './words.ts';

/** The numbers that a shop is run by; the one that is chosen is the chart below them. */
export function Kpis({ view, change }: SectionProps) {
  const [sales, visits] = [useSalesCourses(view), useVisitCourses(view)];
  const all = [...sales, ...visits];
  const courses = CHOICES.kpi.flatMap((name) => all.find((course) => course.name === name) ?? []);
  const chosen = courses.find(({ name }) => name === view.kpi);
  const watches = [sales[0]?.loaded.watch, visits[0]?.loaded.watch];
  const watch = useCallback((element: Element | null) => {
    for (const one of watches) one?.(element);
  }, watches);
  return (
    <div class="wide stack" ref={watch}>
      <section class="kpis" aria-labelledby="key-numbers" data-panel="kpis" data-state={stateOf(courses)}>
        <h3 id="key-numbers" class="hidden">
          {said('Key numbers')}
        </h3>
        {courses.map((course) => (
          <Tile
            key={course.name}
            course={course}
            isChosen={course === chosen}
            onChoose={() => change({ kpi: course.name })}
          />
        ))}
        <OpenCarts onChoose={() => change({ tab: 'carts' })} />
      </section>
      {chosen && <MainChart course={chosen} change={change} />}
    </div>
  );
}

const STATES = ['loading', 'failed', 'loaded'] as const;
const stateOf = (courses: readonly Course[]): string =>
  STATES.find((state) => courses.some(({ loaded }) => loaded.state === state)) ?? 'loading';

interface TileProps {
  readonly course: Course;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function Tile({ course, isChosen, onChoose }: TileProps) {
  const shop = useShop();
  const { name, label, as, value, values, before, timeline } = course;
  return (
    <div class="tile" data-figure={name}>
      <button type="button" class="kpi" aria-pressed={isChosen} onClick={onChoose}>
        <span class="label">{label}</span>
        <span class="value">{format(value, as, shop)}</span>
        <TileMove course={course} />
        <Sparkline values={values.slice(0, timeline.over)} before={before} buckets={timeline.starts.length} />
      </button>
      <Help name={name} label={label} />
    </div>
  );
}

/** How it moved, and against what. */
export function TileMove({ course: { fair, name, as, before, timeline } }: { readonly course: Course }) {
  const shop = useShop();
  if (before === undefined) return <span class="move" />;
  if (fair === undefined) return <span class="move quiet">{said('too early to compare')}</span>;
  const { now, before: was } = fair;
  if (now === null || was === null) return <span class="move quiet">{said('nothing to compare with')}</span>;
  const { text, side } = moveOf(as === 'rate' ? `${name}_rate` : name, now, was);
  return (
    <span class="move">
      <b class={`change ${side}`}>{text}</b>{' '}
      <span class="quiet">{said('vs {period}', { period: againstOf(timeline, shop) })}</span>
    </span>
  );
}

function OpenCarts({ onChoose }: { readonly onChoose: () => void }) {
  const { snapshot } = useLive();
  const { storeCurrency } = useShop();
  return (
    <div class="tile" data-figure="open_carts">
      <button type="button" class="kpi" onClick={onChoose}>
        <span class="label">{said('In open carts')}</span>
        <span class="value">{writeMoney(snapshot?.open_carts_value, snapshot?.currency ?? storeCurrency)}</span>
        <span class="move quiet">
          {snapshot ? counted(snapshot.open_carts, 'now, in one cart', 'now, in {n} carts in all') : '–'}
        </span>
        <Unfiltered />
      </button>
      <Help name="open_carts" label={said('In open carts')} />
    </div>
  );
}
