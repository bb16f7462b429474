import type { ShopEvent } from '../../../src/events/event.ts';
import { Columns } from '../../../src/fold/columns/columns.ts';
import { EventStep } from '../../../src/fold/event-step.ts';
import { Countings, type Definition } from '../../../src/metrics/definition.ts';
import type { CartFact, EventFact, OrderFacts, SessionStep, UserReached } from '../../../src/metrics/facts.ts';
import type { CounterFamily, RankingFamily } from '../../../src/metrics/family.ts';
import { Dictionaries } from '../../../src/metrics/sums/dictionaries.ts';
import { Sums } from '../../../src/metrics/sums/sums.ts';
import { Writes } from '../../../src/metrics/writes.ts';
import { Calendar } from '../../../src/time/calendar.ts';
import { sumsOf } from './sums.ts';

const calendar = new Calendar('UTC');
const at = Date.parse('2026-11-20T14:20:00Z');

type Given = Partial<ShopEvent> & { readonly name: string; readonly city?: string };

/** What folding has worked out about an event. */
interface WorkedOut {
  readonly session?: Partial<SessionStep>;
  readonly reached?: readonly UserReached[];
  readonly order?: OrderFacts;
  /** It arrived at this moment, as news; else too late to be any. */
  readonly newsAtMs?: number;
}

/** A question's count by itself: facts are handed to it, and what it adds is looked at. */
export class CountOf {
  readonly sums = new Sums(new Dictionaries({ dimensions: ['city'] }));
  readonly writes = new Writes(this.sums);
  private readonly columns = new Columns(this.sums.dictionaries);
  private readonly countings: Countings;

  constructor(definition: Definition) {
    this.countings = new Countings([definition], this.sums);
  }

  /** An event of u1 in Pune, the first of its session. */
  event(event: Given, more: WorkedOut = {}): this {
    this.countings.event(this.fact(event, more), this.writes);
    return this;
  }

  cart(step: CartFact['step'], more: Partial<CartFact> = {}): this {
    const fact: CartFact = {
      step,
      sign: 1,
      opened: this.sums.hour(calendar.at(at)),
      dimensions: this.sums.dictionaries.values.ofTexts(['Pune']),
      currency: 'USD',
      value: 0,
      stage: 'cart',
      lines: [],
      recoverySeconds: undefined,
      ...more,
    };
    this.countings.cart(fact, this.writes);
    return this;
  }

  erasure(userId: string): this {
    this.countings.erasure({ userId }, this.writes);
    return this;
  }

  of(family: CounterFamily | RankingFamily, dimensions = ''): Record<string, number> {
    return sumsOf(this.sums, family, dimensions);
  }

  private fact(event: Given, more: WorkedOut): EventFact {
    const { columns, sums } = this;
    columns.clear();
    const { city = 'Pune', ...fields } = event;
    columns.setEvent({
      kind: 'shop',
      eventId: 'e1',
      timestampMs: at,
      userId: 'u1',
      sessionId: 's1',
      values: [city],
      currency: 'USD',
      value: undefined,
      items: [],
      transactionId: undefined,
      paymentType: undefined,
      searchTerm: '',
      resultsCount: undefined,
      ...fields,
    });
    columns.addRow('live', 0, at);
    const step = new EventStep(columns);
    step.begin(0);
    const hour = sums.hour(calendar.at(at));
    step.dimensions = sums.dictionaries.values.ofTexts([city]);
    step.place(hour, sums.quarter(calendar.at(at)));
    Object.assign(step.session, { began: hour, dimensions: sums.dictionaries.values.ofTexts([city]), events: 1 });
    Object.assign(step.session, more.session);
    step.reached = more.reached ?? [];
    step.order = more.order;
    if (more.newsAtMs !== undefined) {
      const time = calendar.realtime(more.newsAtMs);
      step.realtime = { fiveSeconds: sums.fiveSecond(time), halfMinute: sums.halfMinute(time) };
    }
    return step;
  }
}

export const item = (itemId: string, quantity = 1) => ({ itemId, itemName: `name of ${itemId}`, price: 2, quantity });
