import type { OrderDetails, OrderRecord } from '../../events/event.ts';
import { wireDetails } from '../../events/validation/control.ts';
import { OTHER } from '../../metrics/dimension.ts';
import type { MoneyParts } from '../../metrics/facts.ts';
import type { Calendar } from '../../time/calendar.ts';
import type { Outgoing } from '../links/outgoing.ts';
import type { LaneState } from '../state/lane-state.ts';
import type { Memory } from '../state/memory.ts';
import { claimField } from '../state/state-keys.ts';
import { fullnessOf, missingIn, saysParts, saysPayment } from './fullness.ts';
import type { CountedOrder, OrderState } from './order-record.ts';
import { countedReport } from './reports.ts';
import { whereCounted } from './where-counted.ts';

type Details = Extract<OrderRecord, { kind: 'details' }>;
type Complete = Extract<OrderRecord, { kind: 'complete' }>;

/** An order counts with what another report has said, on the day on which it counts; or does so no longer. Money in minor units. */
export interface AddedDetails {
  readonly date: string;
  readonly sign: 1 | -1;
  /** Absent where it said so itself. */
  readonly paymentType: string | undefined;
  readonly moneyIn: string;
  readonly shipping: number;
  readonly tax: number;
}

/** What has been added to a report. */
export function addedTo(order: OrderState, { fullness, paymentType, parts }: CountedOrder, date: string): AddedDetails {
  const { shipping = 0, tax = 0 } = saysParts(fullness) ? {} : (parts ?? {});
  const added = saysPayment(fullness) ? undefined : paymentType;
  return { date, sign: 1, paymentType: added, moneyIn: order.currency, shipping, tax };
}

export interface LaneDetailsParts {
  readonly state: LaneState;
  readonly calendar: Calendar;
  readonly memory: Memory;
  readonly outgoing: Outgoing;
}

/**
 * What a report that does not stay says of a live order and the one that stays does not: how it was paid, shipping and tax. It goes by the
 * order's partition to whose report stays, and is added to that.
 */
export class LaneDetails {
  private readonly parts: LaneDetailsParts;

  constructor(parts: LaneDetailsParts) {
    this.parts = parts;
  }

  /** Where there is any that a report lacks of which so much is known. */
  say(
    transactionId: string,
    knownThere: number,
    currency: string,
    paymentType: string | undefined,
    parts?: MoneyParts,
  ) {
    const { shipping, tax } = parts ?? { shipping: 0, tax: 0 };
    // What its day did not tell apart has no name that another day could count.
    const details = { currency, paymentType: paymentType === OTHER ? undefined : paymentType, shipping, tax };
    if (missingIn(knownThere, saidIn(details)) === 0) return;
    this.parts.outgoing.say(transactionId, transactionId, {
      control: 'details',
      transaction_id: transactionId,
      ...wireDetails(details),
    });
  }

  /** Of the order's owner: to whose report stays, where that lacks them. */
  sendOn({ transactionId, ...details }: Details): void {
    const { state, outgoing } = this.parts;
    const field = claimField(transactionId);
    const report = state.claims.get(field);
    if (report?.kind !== 'report') return;
    const missing = missingIn(report.known, saidIn(details));
    if (missing === 0) return;
    state.claims.put(field, { ...report, known: report.known + missing });
    const { userId, atMs, fullness } = report;
    outgoing.say(userId, userId, {
      control: 'complete',
      transaction_id: transactionId,
      reporter: userId,
      at: atMs,
      fullness,
      ...wireDetails(details),
    });
  }

  /** Of whose report stays. @returns what it has now and had not */
  complete({ reporterId, transactionId, atMs, fullness, ...details }: Complete): AddedDetails | undefined {
    const { state, memory, calendar } = this.parts;
    const found = countedReport(state.orders, { userId: reporterId, transactionId, atMs, fullness });
    if (found === undefined) return undefined;
    const { field, order, standing } = found;
    const { currency } = order;
    const where = whereCounted(memory, calendar, standing.timestampMs, standing.values);
    const isNews = standing.paymentType === undefined && details.paymentType !== undefined;
    const paymentType = isNews ? countedPayment(details.paymentType, where, memory) : standing.paymentType;
    const parts =
      hasParts(standing.parts) || details.currency !== currency ? standing.parts : added(standing.parts, details);
    const recount = (sign: 1 | -1, of: Pick<typeof standing, 'paymentType' | 'parts'>): void =>
      memory.countings.orderRecount({
        ...where,
        sign,
        order: { ...order, parts: of.parts },
        currency,
        paymentType: of.paymentType,
      });
    recount(-1, standing);
    recount(1, { paymentType, parts });
    state.orders.put(field, { ...order, standing: { ...standing, paymentType, parts } });
    const date = calendar.at(standing.timestampMs).day;
    const [before, after] = [addedTo(order, standing, date), addedTo(order, { ...standing, paymentType, parts }, date)];
    const { shipping, tax } = after;
    return {
      ...after,
      paymentType: isNews ? paymentType : undefined,
      shipping: shipping - before.shipping,
      tax: tax - before.tax,
    };
  }
}

const saidIn = ({ paymentType, shipping, tax }: OrderDetails): number =>
  fullnessOf({ lines: 0, paymentType, parts: { shipping, tax, discount: 0, coupon: undefined } });

const hasParts = (parts: MoneyParts | undefined): boolean =>
  fullnessOf({ lines: 0, paymentType: undefined, parts }) > 0;

const added = (parts: MoneyParts | undefined, { shipping, tax }: OrderDetails): MoneyParts | undefined =>
  shipping === 0 && tax === 0 ? parts : { discount: 0, coupon: undefined, ...parts, shipping, tax };

function countedPayment(
  paymentType: string | undefined,
  { admits }: Pick<ReturnType<typeof whereCounted>, 'admits'>,
  { sums: { dictionaries } }: Memory,
): string | undefined {
  if (paymentType === undefined) return undefined;
  return admits('payments', dictionaries.payments.ofText(paymentType)) ? paymentType : OTHER;
}
