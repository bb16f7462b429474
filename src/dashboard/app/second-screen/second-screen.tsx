import { useLive } from '../api/live.ts';
import { answerOf, useAnswer } from '../api/use-answer.ts';
import { Connection } from '../bar/connection.tsx';
import { FeedList } from '../feed/feed-list.tsx';
import { useFeed } from '../feed/use-feed.ts';
import { TileMove } from '../kpis/kpis.tsx';
import { type Course, useSalesCourses, useVisitCourses } from '../kpis/use-courses.ts';
import { Unfiltered } from '../panel/unfiltered.tsx';
import { calledValue } from '../sections/dimensions/dimension.ts';
import type { SectionProps } from '../sections/section.ts';
import { useShop } from '../shop.ts';
import { counted, format, formatMoney, writeMoney } from '../text/format.ts';
import { nameAmong } from '../text/item-name.ts';
import { said } from '../words/said.ts';

const MOST = 5;

/** The shop on a screen that hangs on the wall: few numbers, read from three metres. */
export function SecondScreen({ view, change }: SectionProps) {
  const courses = [...useSalesCourses(view), ...useVisitCourses(view)];
  const { happenings, nameOf, watch } = useFeed();
  return (
    <main id="numbers" class="second">
      <h1 class="hidden">{said('The shop, on a second screen')}</h1>
      <div class="big" data-panel="second-screen" data-state="loaded">
        {courses.map((course) => (
          <Big key={course.name} course={course} />
        ))}
        <OpenCarts />
      </div>
      <section ref={watch} aria-labelledby="second-feed">
        <h2 id="second-feed">{said('As it comes')}</h2>
        <Unfiltered />
        <FeedList happenings={happenings} nameOf={nameOf} most={MOST} />
      </section>
      <TopProducts />
      <TopCities />
      <p class="leave">
        <Connection />
        <button type="button" onClick={() => change({ screen: '' })}>
          {said('Back (f)')}
        </button>
      </p>
    </main>
  );
}

function Big({ course }: { readonly course: Course }) {
  const shop = useShop();
  const { name, label, as, value } = course;
  return (
    <div class="fact" data-figure={name}>
      <span class="label">{label}</span>
      <span class="value">{format(value, as, shop)}</span>
      <TileMove course={course} />
    </div>
  );
}

function OpenCarts() {
  const { snapshot } = useLive();
  const { storeCurrency } = useShop();
  return (
    <div class="fact" data-figure="open_carts">
      <span class="label">{said('In open carts')}</span>
      <span class="value">{writeMoney(snapshot?.open_carts_value, snapshot?.currency ?? storeCurrency)}</span>
      <span class="move quiet">{snapshot ? counted(snapshot.open_carts, 'one cart', '{n} carts') : '–'}</span>
      <Unfiltered />
    </div>
  );
}

interface Ranked {
  readonly name: string;
  readonly amount: string;
}

function TopList({ title, rows }: { readonly title: string; readonly rows: readonly Ranked[] }) {
  const id = `second-${title.toLowerCase()}`;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <Unfiltered />
      <ol class="feed">
        {rows.map(({ name, amount }) => (
          <li key={name}>
            <span class="what">{name}</span>
            <b>{amount}</b>
          </li>
        ))}
      </ol>
    </section>
  );
}

function TopProducts() {
  const { from, to, currency, refreshMs } = useShop();
  const query = { from, to, currency, sort: 'revenue', limit: MOST } as const;
  const rows = answerOf(useAnswer('/v1/products', query, { everyMs: refreshMs }))?.data ?? [];
  const ranked = rows.map((row) => ({ name: nameAmong(row, rows), amount: formatMoney(row.revenue, currency) }));
  return <TopList title={said('Products')} rows={ranked} />;
}

function TopCities() {
  const { from, to, currency, refreshMs } = useShop();
  const query = { from, to, currency, rank_by: 'revenue', limit: MOST } as const;
  const rows = answerOf(useAnswer('/v1/cities', query, { everyMs: refreshMs }))?.data ?? [];
  const ranked = rows.map(({ city, revenue }) => ({ name: calledValue(city), amount: formatMoney(revenue, currency) }));
  return <TopList title={said('Cities')} rows={ranked} />;
}
