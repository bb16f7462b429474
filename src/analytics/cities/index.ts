import type { Analytic } from '../analytic.ts';
import { foldCities } from './fold.ts';
import { cityFamilies } from './keys.ts';
import { citiesRoute } from './route.ts';

export const cities: Analytic = { name: 'cities', families: cityFamilies, fold: foldCities, routes: [citiesRoute] };
