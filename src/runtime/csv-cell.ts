/** One cell of a CSV file, as every sheet reads it. */
export function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  const written = String(value);
  // A sheet would take a text that begins with one of these for a formula.
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(written) ? `'${written}` : written;
  // Some sheets part columns at semicolons or tabs.
  return /[",;\t\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
