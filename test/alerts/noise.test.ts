import { expect, test } from 'vitest';
import { Random } from '../../src/simulator/random.ts';
import { Shop } from '../../src/simulator/shop.ts';
import { alertsOf, BEGIN_MS, QUARTER_MS, ruleOf, usual } from './quarters.ts';
import { DAY_MS, noisyShop, poisson, QUARTERS_OF_A_DAY, STOPPED } from './shops.ts';

test.each([3, 30, 300])('over a month of a shop with %i orders an hour noise alerts nobody', async (perHour) => {
  for (const when of [STOPPED, { ...STOPPED, when: { rise_percent: 60, weeks: 4 } }])
    expect(await alertsOf(ruleOf(when), noisyShop(perHour, 28 + 31, perHour))).toEqual([]);
});

test('a simulated shop that stops buying for six hours is one alert and one all-clear, soon after each', async () => {
  const shop = new Shop({ seed: 7 });
  const random = new Random(8);
  const [stopMs, goesOnMs] = [BEGIN_MS + 9 * DAY_MS + 12 * 3_600_000, BEGIN_MS + 9 * DAY_MS + 18 * 3_600_000];
  const orders = Array.from({ length: 10 * QUARTERS_OF_A_DAY }, (_, i) => {
    const atMs = BEGIN_MS + i * QUARTER_MS;
    let bought = 0;
    for (let left = poisson(usual(atMs, 300) / 4, random); left > 0; left--)
      for (const { name } of shop.next(atMs)) if (name === 'purchase') bought += 1;
    return atMs >= stopMs && atMs < goesOnMs ? 0 : bought;
  });
  const rule = ruleOf({ over_minutes: 120, when: { drop_percent: 60, weeks: 1 }, for_minutes: 30 });
  const said = await alertsOf(rule, orders);
  expect(said.map(({ turn }) => turn)).toEqual(['fired', 'over']);
  const [fired, over] = said.map(({ at }) => Date.parse(at));
  expect((fired ?? 0) - stopMs).toBeLessThanOrEqual(3 * 3_600_000);
  expect((over ?? 0) - goesOnMs).toBeLessThanOrEqual(3 * 3_600_000);
}, 120_000);

test('a shop that stops for two hours and sells again is told twice in all, however often it is looked at', async () => {
  const orders = noisyShop(100, 33, 5);
  const from = 31 * QUARTERS_OF_A_DAY + 60;
  orders.fill(0, from, from + 8);
  expect((await alertsOf(ruleOf(STOPPED), orders)).map(({ turn }) => turn)).toEqual(['fired', 'over']);
});
