import type { Random } from '../../../src/simulator/random.ts';

const TOKENS = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ':',
  ',',
  'null',
  '-1',
  '1e309',
  '0.1',
  'NaN',
  '\\u0000',
  '\\ud800',
  '"__proto__"',
  ' ',
];
const NASTY = [0x00, 0xff, 0xc0, 0x80, 0x22, 0x5c, 0x7b, 0x7d, 0x0a];

/** A message of which some bytes are changed, cut out, doubled or put in: mostly none any more, sometimes still one. */
export function mangle(message: Buffer, random: Random): Buffer {
  let bytes: Buffer = message;
  for (let times = 1 + random.below(4); times > 0; times--) bytes = mangleOnce(bytes, random);
  return bytes;
}

function mangleOnce(bytes: Buffer, random: Random): Buffer {
  const at = random.below(bytes.length + 1);
  const to = Math.min(bytes.length, at + 1 + random.below(12));
  switch (random.below(7)) {
    case 0:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(to)]);
    case 1:
      return bytes.subarray(0, at);
    case 2:
      return Buffer.concat([bytes.subarray(0, to), bytes.subarray(at)]);
    case 3:
      return Buffer.concat([bytes.subarray(0, at), Buffer.from([pick(NASTY, random)]), bytes.subarray(at)]);
    case 4:
      return Buffer.concat([bytes.subarray(0, at), Buffer.from(pick(TOKENS, random)), bytes.subarray(at)]);
    case 5:
      return Buffer.concat([bytes.subarray(0, at), Buffer.from(pick(TOKENS, random)), bytes.subarray(to)]);
    default: {
      const changed = Buffer.from(bytes);
      if (at < changed.length) changed[at] = random.below(256);
      return changed;
    }
  }
}

export function pick<T>(all: readonly T[], random: Random): T {
  const one = all[random.below(all.length)];
  if (one === undefined) throw new Error('nothing to pick from');
  return one;
}
