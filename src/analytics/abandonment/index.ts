import type { Analytic } from '../analytic.ts';
import { foldAbandonment } from './fold.ts';
import { abandonmentFamilies } from './keys.ts';
import { abandonmentRoute } from './route.ts';

export const abandonment: Analytic = {
  name: 'abandonment',
  families: abandonmentFamilies,
  fold: foldAbandonment,
  routes: [abandonmentRoute],
};
