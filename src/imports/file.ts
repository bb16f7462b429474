import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, type Readable, Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { messageOf } from '../runtime/errors.ts';
import { BrokenFile, FileTooLarge } from './problems.ts';

const GZIP_MAGIC = 0x1f8b;
/** Tables pack to a tenth or a thirtieth of their size. What unpacks to more than this is made to fill disks and time. */
const MAX_RATIO = 200;
/** Small files may be as repetitive as they like. */
const FREE_BYTES = 16 * 1_048_576;

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** A file that was read through once. */
export interface InspectedFile {
  readonly path: string;
  /** Of its unpacked content: a file and its packed form are the same. */
  readonly contentHash: string;
  readonly encoding: Encoding;
  readonly maxBytes: number;
}

/** Reads the whole file once: what is in it, and how it is written. @throws BrokenFile, FileTooLarge */
export async function inspectFile(path: string, maxBytes: number): Promise<InspectedFile> {
  try {
    return await readThrough(path, maxBytes);
  } catch (error) {
    const isPacking = error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
    throw isPacking ? new BrokenFile(`the file is gzip that is damaged or cut off (${messageOf(error)})`) : error;
  }
}

async function readThrough(path: string, maxBytes: number): Promise<InspectedFile> {
  const hash = createHash('sha256');
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  let encoding: Encoding | undefined;
  let isUtf8 = true;
  for await (const chunk of await openContent(path, maxBytes)) {
    const bytes: Buffer = chunk;
    encoding ??= byItsMark(bytes);
    hash.update(bytes);
    isUtf8 &&= decodes(() => utf8.decode(bytes, { stream: true }));
  }
  isUtf8 &&= decodes(() => utf8.decode());
  encoding ??= isUtf8 ? 'utf-8' : 'windows-1252';
  return { path, contentHash: hash.digest('hex'), encoding, maxBytes };
}

/** The file's text, with `\n` at the end of every line. */
export async function openText({ path, encoding, maxBytes }: InspectedFile): Promise<Readable> {
  const decoder = new TextDecoder(encoding);
  let held = '';
  // A line may end in two characters, which chunks part.
  const unify = (text: string): string => {
    const whole = held + text;
    held = whole.endsWith('\r') ? '\r' : '';
    const ready = held === '' ? whole : whole.slice(0, -1);
    return ready.includes('\r') ? ready.replace(/\r\n?/g, '\n') : ready;
  };
  const decode = new Transform({
    transform: (chunk: Buffer, _encoding, done) => done(null, unify(decoder.decode(chunk, { stream: true }))),
    flush: (done) => done(null, unify(decoder.decode()) + (held === '' ? '' : '\n')),
  });
  return chain(await openContent(path, maxBytes), decode);
}

/** Is it gzip? */
export async function isPacked(path: string): Promise<boolean> {
  const handle = await open(path);
  const { buffer } = await handle.read({ buffer: Buffer.alloc(2), position: 0 });
  await handle.close();
  return buffer.readUInt16BE() === GZIP_MAGIC;
}

/** The file's bytes, unpacked where it is gzip. */
async function openContent(path: string, maxBytes: number): Promise<Readable> {
  const packed = await isPacked(path);
  const file = createReadStream(path);
  if (!packed)
    return chain(
      file,
      bound(() => maxBytes),
    );
  const mayHold = (): number => Math.min(maxBytes, Math.max(FREE_BYTES, MAX_RATIO * file.bytesRead));
  const unpacked = chain(file, createGunzip());
  return chain(unpacked, bound(mayHold, refusePackedTwice));
}

/** @param mayHold how many bytes there may be, by now */
function bound(mayHold: () => number, look: (first: Buffer) => void = () => undefined): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      try {
        if (bytes === 0) look(chunk);
        bytes += chunk.byteLength;
        if (bytes > mayHold()) throw new FileTooLarge(`the file holds more than ${mayHold()} bytes`);
        done(null, chunk);
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)));
      }
    },
  });
}

function refusePackedTwice(first: Buffer): void {
  if (first.byteLength >= 2 && first.readUInt16BE() === GZIP_MAGIC)
    throw new BrokenFile('the file is packed twice; pack it once');
}

/** What fails on one side ends the other. */
function chain(from: Readable, to: Transform): Readable {
  pipeline(from, to, () => undefined);
  return to;
}

/** A mark of the byte order says how the rest is written. */
function byItsMark(first: Buffer): Encoding | undefined {
  if (first[0] === 0xff && first[1] === 0xfe) return 'utf-16le';
  if (first[0] === 0xfe && first[1] === 0xff) return 'utf-16be';
  return undefined;
}

function decodes(decode: () => string): boolean {
  try {
    decode();
    return true;
  } catch {
    return false;
  }
}
