import { useCallback, useState } from 'preact/hooks';
import type { Watch } from '../alerts/watch.ts';
import { answerOf, useAnswer } from '../api/use-answer.ts';
import { timelineOf } from '../charts/timeline.ts';
import { later } from '../panel/later.tsx';
import { Unfiltered } from '../panel/unfiltered.tsx';
import type { SectionProps } from '../sections/section.ts';
import { useShop } from '../shop.ts';
import { formatCount, formatMoney, formatRate } from '../text/format.ts';
import { addDays, clock } from '../text/time.ts';
import { linkTo, type View } from '../view.ts';
import { said } from '../words/said.ts';
import { words } from '../words/words.ts';
import {
  checkoutBelow,
  type Finding,
  foundNothing,
  outYetViewed,
  paymentsSilent,
  richCartsLeft,
  type Writing,
} from './findings.ts';
import { priceThatHurt } from './price-finding.ts';
import { usePriceImpacts } from './use-price-impacts.ts';

const AlertsDrawer = later(async () => (await import('../alerts/alerts-drawer.tsx')).AlertsDrawer, 'nothing');

/** What needs somebody changes slowly. */
const EVERY_MS = 60_000;
const slowly = { everyMs: EVERY_MS };

/** What to do now: each with its number, what that usually is, and where to look. */
export function Attention({ view, change }: SectionProps) {
  const { findings, isKnown, watch } = useFindings();
  const { alerts: says } = words();
  const { isAdmin: mayChange } = useShop();
  const [opened, setOpened] = useState<{ readonly watch?: Watch }>();
  return (
    <>
      <section
        ref={watch}
        class="panel attention"
        aria-labelledby="attention"
        data-panel="attention"
        data-state={isKnown ? 'loaded' : 'loading'}
      >
        <header>
          <div>
            <h3 id="attention">{said('Needs attention')}</h3>
            <Unfiltered />
          </div>
          <button type="button" onClick={() => setOpened({})}>
            {says.opener}
          </button>
        </header>
        {isKnown && findings.length === 0 && <p class="state">{said('All is as usual today.')}</p>}
        {!isKnown && <p class="state">{said('Loading …')}</p>}
        <ul>
          {findings.map((finding) => (
            <Item
              key={finding.name}
              finding={finding}
              view={view}
              onOpen={() => change(finding.leadsTo)}
              onTell={mayChange ? () => setOpened({ watch: finding.watch }) : undefined}
            />
          ))}
        </ul>
      </section>
      {opened && <AlertsDrawer watch={opened.watch} mayChange={mayChange} onClose={() => setOpened(undefined)} />}
    </>
  );
}

interface ItemProps {
  readonly finding: Finding;
  readonly view: View;
  readonly onOpen: () => void;
  /** Nothing where the key may make no alerts. */
  readonly onTell: (() => void) | undefined;
}

function Item({ finding: { name, title, detail, usual, leadsTo }, view, onOpen, onTell }: ItemProps) {
  return (
    <li data-finding={name}>
      <a
        href={linkTo({ ...view, ...leadsTo })}
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          onOpen();
          scrollTo({ top: 0 });
        }}
      >
        {title}
      </a>
      <span class="quiet">
        {detail}; {usual}
      </span>
      {onTell && (
        <button type="button" class="link tell" aria-label={words().alerts.tellOf(title)} onClick={onTell}>
          {words().alerts.tell}
        </button>
      )}
    </li>
  );
}

function useFindings() {
  const { today, currency, timezone } = useShop();
  const day = { from: today, to: today };
  const stock = useAnswer('/v1/inventory', { ...day, status: 'out', limit: 100 }, slowly);
  const searches = useAnswer('/v1/searches', { ...day, by: 'no_results', limit: 20 }, slowly);
  const now = useAnswer('/v1/funnel', day, slowly);
  const week = { from: addDays(today, -7), to: addDays(today, -1), interval: 'day' } as const;
  const days = useAnswer('/v1/funnel', week, { everyMs: 10 * EVERY_MS });
  const sales = useAnswer('/v1/revenue', { ...day, currency, interval: '15m', compare: 'previous' }, slowly);
  const carts = useAnswer('/v1/abandonment/carts', { ...day, status: 'abandoned', limit: 200 }, slowly);
  const repriced = usePriceImpacts();
  const asked = [stock, searches, now, days, sales, carts];
  const watches = asked.map((one) => one.watch);
  const watch = useCallback((element: Element | null) => {
    for (const one of watches) one(element);
  }, watches);
  const isKnown = asked.every(({ state }) => state !== 'loading');
  const writing: Writing = {
    count: formatCount,
    rate: formatRate,
    money: (n) => formatMoney(n, currency),
    moment: clock,
  };
  const revenue = answerOf(sales);
  const timeline = revenue && timelineOf(revenue.data.series, '15m', revenue.meta.as_of, timezone);
  const [funnelNow, funnelBefore] = [answerOf(now)?.data, answerOf(days)?.data];
  const found = [
    revenue && paymentsSilent(revenue.data, revenue.previous, timeline?.over ?? 0, writing),
    funnelNow && funnelBefore && checkoutBelow(funnelNow, funnelBefore, writing),
    priceThatHurt(repriced.changes, repriced.period, writing),
    outYetViewed(answerOf(stock)?.data ?? [], writing),
    revenue && richCartsLeft(answerOf(carts)?.data ?? [], revenue.data, writing),
    foundNothing(answerOf(searches)?.data ?? [], writing),
  ];
  return { findings: found.filter((finding) => finding !== undefined), isKnown, watch };
}
