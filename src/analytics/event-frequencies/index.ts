import type { Analytic } from '../analytic.ts';
import { foldEventFrequencies } from './fold.ts';
import { eventFrequencyFamilies } from './keys.ts';
import { eventFrequenciesRoute } from './route.ts';

export const eventFrequencies: Analytic = {
  name: 'event-frequencies',
  families: eventFrequencyFamilies,
  fold: foldEventFrequencies,
  routes: [eventFrequenciesRoute],
};
