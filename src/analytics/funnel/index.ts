import type { Analytic } from '../analytic.ts';
import { foldFunnel } from './fold.ts';
import { funnelFamilies } from './keys.ts';
import { funnelRoute } from './route.ts';

export const funnel: Analytic = { name: 'funnel', families: funnelFamilies, fold: foldFunnel, routes: [funnelRoute] };
