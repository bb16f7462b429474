/** A zone in which the twelfth hour runs now: days have hours behind and hours to come, and none ends while a test runs. */
export function zoneAtNoon(): string {
  const ahead = 12 - new Date().getUTCHours();
  // Etc/GMT+1 is an hour behind UTC.
  return ahead === 0 ? 'Etc/GMT' : `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}
