const SEED = 0x9747b28c;
const M = 0x5bd1e995;

/** Kafka's murmur2 over UTF-8 bytes, as Java's and kafkajs's default partitioners use it; a signed 32-bit number. */
function murmur2(bytes: Uint8Array): number {
  const length = bytes.length;
  let h = SEED ^ length;
  let i = 0;
  for (; i + 4 <= length; i += 4) {
    let k = (bytes[i] ?? 0) | ((bytes[i + 1] ?? 0) << 8) | ((bytes[i + 2] ?? 0) << 16) | ((bytes[i + 3] ?? 0) << 24);
    k = Math.imul(k, M);
    k ^= k >>> 24;
    h = Math.imul(h, M) ^ Math.imul(k, M);
  }
  const left = length - i;
  if (left >= 3) h ^= (bytes[i + 2] ?? 0) << 16;
  if (left >= 2) h ^= (bytes[i + 1] ?? 0) << 8;
  if (left >= 1) h = Math.imul(h ^ (bytes[i] ?? 0), M);
  h = Math.imul(h ^ (h >>> 13), M);
  return h ^ (h >>> 15);
}

const utf8 = new TextEncoder();
/** Ids are short: their bytes are written into the same place every time. */
const scratch = new Uint8Array(3 * 256);

/** The partition of a key: the same for every producer that follows Kafka's default. */
export function partitionOf(key: string, partitions: number): number {
  const bytes = key.length > 256 ? utf8.encode(key) : scratch.subarray(0, utf8.encodeInto(key, scratch).written);
  return (murmur2(bytes) & 0x7fffffff) % partitions;
}
