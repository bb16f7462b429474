import { Packr, Unpackr } from 'msgpackr';
import { UnexpectedReply } from './connection.ts';

// Lua's cmsgpack knows no records.
const packr = new Packr({ useRecords: false });
const unpackr = new Unpackr({ useRecords: false });

/** A script's argument. */
export const packed = (value: unknown): Buffer => packr.pack(value);

/** What a script has answered with `cmsgpack.pack`. */
export function unpacked(reply: unknown): unknown {
  if (!Buffer.isBuffer(reply)) throw new UnexpectedReply('Redis did not answer with packed values');
  return unpackr.unpack(reply);
}
