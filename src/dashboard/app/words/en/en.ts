import { accuracy } from './accuracy.ts';
import { archive } from './archive.ts';
import { explore } from './explore.ts';


export const en = { accuracy, archive, explore };
