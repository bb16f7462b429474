import type { Analytic } from '../analytic.ts';
import { foldSearches } from './fold.ts';
import { searchFamilies } from './keys.ts';
import { searchesRoute } from './route.ts';

export const searches: Analytic = {
  name: 'searches',
  families: searchFamilies,
  fold: foldSearches,
  routes: [searchesRoute],
};
