import { Gauge, Registry } from 'prom-client';
import { z } from 'zod';
import type { Question } from '../../analytics/question.ts';
import { answer, type ReadParts } from '../answer.ts';

/** Prometheus asks each few seconds; the shop's hours need not be read that often. */
const KEPT_MS = 10_000;

const revenueShape = z.object({ orders: z.number(), revenue: z.number(), currency: z.string() });
const sessionsShape = z.object({ sessions: z.number(), by_stage: z.array(z.object({ reached: z.number() })) });
const cartsShape = z.object({ carts: z.number(), abandoned: z.number(), recovered: z.number() });

/** The shop by the hour: the one that is running, and the last whole one. The numbers are those of the answers. */
export class ShopNumbers {
  private readonly questions: readonly Question[];
  private readonly read: ReadParts;
  private readonly registry = new Registry();
  private readonly gauges = new Map<string, Gauge>();
  private readAtMs = Number.NEGATIVE_INFINITY;

  constructor(questions: readonly Question[], read: ReadParts) {
    this.questions = questions;
    this.read = read;
    this.gauge('orders', 'Orders in all currencies');
    this.gauge('revenue', 'Revenue in the store’s currency', ['currency']);
    this.gauge('sessions', 'Sessions that began');
    this.gauge('conversion_ratio', 'Share of the sessions that reached the last stage of the funnel `shop`');
    this.gauge('carts', 'Carts that were opened');
    this.gauge('carts_abandoned', 'Of the carts that were opened, those that were abandoned by now');
    this.gauge('carts_recovered', 'Of the carts that were opened, those that were abandoned and bought after all');
  }

  async collected(): Promise<Registry> {
    const nowMs = this.read.now();
    if (nowMs - this.readAtMs < KEPT_MS) return this.registry;
    const { calendar } = this.read;
    const currentMs = calendar.at(nowMs).hourStartMs;
    const lastMs = calendar.at(currentMs - 1).hourStartMs;
    await Promise.all([
      this.fill('current', { from: calendar.format(currentMs) }),
      this.fill('last', { from: calendar.format(lastMs), to: calendar.format(currentMs) }),
    ]);
    this.readAtMs = nowMs;
    return this.registry;
  }

  private gauge(name: string, help: string, more: readonly string[] = []): void {
    const labelNames = ['hour', ...more];
    this.gauges.set(name, new Gauge({ name: `cartpulse_shop_${name}`, help, labelNames, registers: [this.registry] }));
  }

  private async fill(hour: 'current' | 'last', period: { readonly from: string; readonly to?: string }): Promise<void> {
    const [revenue, sessions, carts] = await Promise.all([
      this.ask('/v1/revenue', period, revenueShape),
      this.ask('/v1/sessions', period, sessionsShape),
      this.ask('/v1/abandonment', period, cartsShape),
    ]);
    const set = (name: string, value: number, more: Readonly<Record<string, string>> = {}): void =>
      this.gauges.get(name)?.set({ hour, ...more }, value);
    set('orders', revenue.orders);
    set('revenue', revenue.revenue, { currency: revenue.currency });
    set('sessions', sessions.sessions);
    set('conversion_ratio', (sessions.by_stage.at(-1)?.reached ?? 0) / Math.max(1, sessions.sessions));
    set('carts', carts.carts);
    set('carts_abandoned', carts.abandoned);
    set('carts_recovered', carts.recovered);
  }

  private async ask<T>(path: string, period: { readonly from: string }, shape: z.ZodType<T>): Promise<T> {
    const route = this.questions.flatMap(({ routes }) => routes).find((one) => one.path === path);
    if (route === undefined) throw new Error(`no question is asked at ${path}`);
    const { data } = await answer(route, { ...route.query.parse({}), ...period }, {}, this.read);
    return shape.parse(data);
  }
}
