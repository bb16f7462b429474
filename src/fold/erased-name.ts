import { shortHash } from '../events/ids/short-hash.ts';

/** What stands for an erased user. */
export const erasedName = (userId: string): string => shortHash(['erased', userId]);
