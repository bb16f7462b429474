/**
 * How often a property is tried: `few` while somebody waits,
 * `many` in the run that takes its time (CHAOS=full) and in CI.
 */
export function runs(few: number, many: number): number {
  return process.env['CHAOS'] === 'full' || process.env['CI'] !== undefined ? many : few;
}
