import { words } from '../words/words.ts';

/** Why an event could not be counted, in the reader's language; what has no words there stays as the server says it. */
export const sayRejection = (reason: string): string => rejectionIn(words().rejections, reason);

/** @param table by the server's English, with what it puts into it as {n} */
export function rejectionIn(table: Readonly<Record<string, string>>, reason: string): string {
  const whole = translated(table, reason);
  if (whole !== undefined) return whole;
  // A place in the event stands before it.
  const [, path, message] = /^(\S+): (.+)$/s.exec(reason) ?? [];
  return path === undefined || message === undefined ? reason : `${path}: ${translated(table, message) ?? message}`;
}

function translated(table: Readonly<Record<string, string>>, text: string): string | undefined {
  for (const [english, other] of Object.entries(table)) {
    const put = patternOf(english).exec(text)?.slice(1);
    if (put !== undefined) return put.reduce((written, one) => written.replace('{n}', () => one), other);
  }
  return undefined;
}

/** Of a text with {n} where the server puts something. */
function patternOf(english: string): RegExp {
  const parts = english.split('{n}').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('(.+)')}$`, 's');
}
