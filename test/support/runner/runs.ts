import { expect } from 'vitest';

/**
 * How often a property is tried: `few` while somebody waits, `many` in `npm run chaos:short`, which goes through these files again.
 */
export function runs(few: number, many: number): number {
  const file = expect.getState().testPath ?? '';
  if (!file.includes('.property.')) throw new Error(`${file} is tried more often where it is called *.property.*`);
  return process.env['CHAOS'] === undefined ? few : many;
}
