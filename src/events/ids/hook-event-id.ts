import { shortHash } from './short-hash.ts';

/**
 * The id of what a shop's hook reports: the same however often it is reported, so that it counts once.
 * @param part tells apart what one thing is reported of several times: a refund, a moment
 */
export const hookEventId = (way: string, name: string, id: string, part = ''): string =>
  shortHash([way, name, id, part]);
