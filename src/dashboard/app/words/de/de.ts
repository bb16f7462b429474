import type { Words } from '../words.ts';
import { accuracy } from './accuracy.ts';
import { archive } from './archive.ts';
import { catalogue } from './catalogue.ts';
import { explore } from './explore.ts';
import { notes } from './notes.ts';
import { refusals } from './refusals.ts';
import { views } from './views.ts';

export { german } from './german.ts';
export const de: Words = { accuracy, archive, catalogue, explore, notes, refusals, views };
