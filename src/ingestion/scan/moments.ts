const DAY_MS = 86_400_000;
const LENGTH_OF_SECONDS = '2026-11-20T14:15:16Z'.length;
const LENGTH_OF_MILLISECONDS = '2026-11-20T14:15:16.789Z'.length;

/**
 * A moment in UTC as `toISOString` writes it, with or without milliseconds, from `from` to before `to`; NaN where it is written in
 * another way or there is no such moment.
 */
export function utcMoment(bytes: Uint8Array, from: number, to: number): number {
  const length = to - from;
  if (length !== LENGTH_OF_SECONDS && length !== LENGTH_OF_MILLISECONDS) return Number.NaN;
  const punctuated =
    bytes[from + 4] === 45 &&
    bytes[from + 7] === 45 &&
    bytes[from + 10] === 84 &&
    bytes[from + 13] === 58 &&
    bytes[from + 16] === 58 &&
    bytes[to - 1] === 90;
  if (!punctuated) return Number.NaN;
  const year = digits(bytes, from, 4);
  const month = digits(bytes, from + 5, 2);
  const day = digits(bytes, from + 8, 2);
  const hour = digits(bytes, from + 11, 2);
  const minute = digits(bytes, from + 14, 2);
  const second = digits(bytes, from + 17, 2);
  const millisecond =
    length === LENGTH_OF_SECONDS ? 0 : bytes[from + 19] === 46 ? digits(bytes, from + 20, 3) : Number.NaN;
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month))) return Number.NaN;
  if (!(hour <= 23 && minute <= 59 && second <= 59)) return Number.NaN;
  return dayNumber(year, month, day) * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1_000 + millisecond;
}

/** NaN where a byte is no digit. */
function digits(bytes: Uint8Array, from: number, count: number): number {
  let value = 0;
  for (let i = from; i < from + count; i++) {
    const digit = (bytes[i] ?? 0) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

function daysOf(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days since 1970-01-01: years begin in March, so that the leap day comes last. */
function dayNumber(year: number, month: number, day: number): number {
  const shifted = month > 2 ? year : year - 1;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const leapDays = Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400);
  return 365 * shifted + leapDays + dayOfYear - 719_468;
}
