import { page } from './page.ts';
import { shop } from './shop.ts';
import { visits } from './visits.ts';

export const german = { ...page, ...shop, ...visits };
