import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { decompress as unpackZstd } from 'fzstd';
import snappyCodec from 'kafkajs-snappy';
import { decompressFrame } from 'lz4-napi';
import { messageOf } from '../../../runtime/errors.ts';
import { UnreadableBatch } from './byte-reader.ts';

/** By the numbers that Kafka has for them. */
const CODECS: ReadonlyMap<number, (packed: Buffer) => Promise<Buffer>> = new Map([
  [1, promisify<Buffer, Buffer>(gunzip)],
  [2, (packed: Buffer) => snappyCodec().decompress(packed)],
  [3, (packed: Buffer) => decompressFrame(packed)],
  [4, async (packed: Buffer) => toBuffer(unpackZstd(packed))],
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

const toBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);
