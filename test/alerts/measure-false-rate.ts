import { alertsOf, ruleOf } from './quarters.ts';
import { noisyShop, STOPPED } from './shops.ts';

/** How often noise alerts somebody: `npx tsx test/alerts/measure-false-rate.ts [MONTHS]`. */
const months = Number(process.argv[2] ?? 20);
for (const perHour of [3, 10, 30, 100, 300]) {
  let [fired, risen] = [0, 0];
  for (let seed = 1; seed <= months; seed++) {
    const orders = noisyShop(perHour, 28 + 30, seed * 1_000 + perHour);
    fired += (await alertsOf(ruleOf(STOPPED), orders)).filter(({ turn }) => turn === 'fired').length;
    const rise = { ...STOPPED, when: { rise_percent: 60, weeks: 4 } };
    risen += (await alertsOf(ruleOf(rise), orders)).filter(({ turn }) => turn === 'fired').length;
  }
  process.stdout.write(`${perHour} orders an hour, ${months} months: ${fired} false drops, ${risen} false rises\n`);
}
