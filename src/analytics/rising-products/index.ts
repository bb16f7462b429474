import type { Analytic } from '../analytic.ts';
import { risingProductsRoute } from './route.ts';

/** Its rankings belong to the core (`catalogue.ts`), since other questions read them as well. */
export const risingProducts: Analytic = { name: 'rising-products', families: [], routes: [risingProductsRoute] };
