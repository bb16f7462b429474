import { promisify } from 'node:util';
import { gunzip, type ZlibOptions } from 'node:zlib';
import { Decompress as ZstdStream } from 'fzstd';
import snappyCodec from 'kafkajs-snappy';
import { decompressFrame } from 'lz4-napi';
import { messageOf } from '../../../runtime/errors.ts';
import { UnreadableBatch } from './byte-reader.ts';

/** A broker limits a batch as it is packed. Of these two a megabyte may become gigabytes; of the others a quarter of one at most. */
const MAX_UNPACKED_BYTES = 128 * 1_048_576;

/** By the numbers that Kafka has for them. */
const CODECS: ReadonlyMap<number, (packed: Buffer) => Promise<Buffer>> = new Map([
  [
    1,
    (packed: Buffer) => promisify<Buffer, ZlibOptions, Buffer>(gunzip)(packed, { maxOutputLength: MAX_UNPACKED_BYTES }),
  ],
  [2, (packed: Buffer) => snappyCodec().decompress(packed)],
  [3, (packed: Buffer) => decompressFrame(packed)],
  [4, async (packed: Buffer) => unpackZstd(packed)],
]);

/** @throws UnreadableBatch */
export async function unpack(codec: number, packed: Buffer): Promise<Buffer> {
  const unpackWith = CODECS.get(codec);
  if (unpackWith === undefined) throw new UnreadableBatch(`records are packed with the unknown codec ${codec}`);
  try {
    return await unpackWith(packed);
  } catch (error) {
    throw new UnreadableBatch(`records packed with codec ${codec} cannot be unpacked: ${messageOf(error)}`);
  }
}

function unpackZstd(packed: Buffer): Buffer {
  const blocks: Uint8Array[] = [];
  let bytes = 0;
  const stream = new ZstdStream((block) => {
    bytes += block.length;
    if (bytes > MAX_UNPACKED_BYTES) throw new Error(`they are more than ${MAX_UNPACKED_BYTES} bytes`);
    blocks.push(block);
  });
  stream.push(packed, true);
  return Buffer.concat(blocks);
}
