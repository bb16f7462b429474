import type { Analytic } from '../analytic.ts';
import { foldPayments } from './fold.ts';
import { paymentFamilies } from './keys.ts';
import { paymentsRoute } from './route.ts';

export const payments: Analytic = {
  name: 'payments',
  families: paymentFamilies,
  fold: foldPayments,
  routes: [paymentsRoute],
};
