import { isIP, type Socket, connect as tcpConnect } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import type { ISocketFactory } from 'kafkajs';

const LENGTH_BYTES = 4;
const KEEP_ALIVE_MS = 60_000;
/**
 * A broker that owes every answer at so many checks in a row is given up; the longest request, a rebalance, has 25 s.
 */
const MAX_SILENT_CHECKS = 3;
const CHECK_INTERVAL_MS = 10_000;

/**
 * Makes a connection to a broker hand over whole responses only. kafkajs keeps half a response when a connection
 * breaks and puts what the next connection brings behind it: from then on nothing that it reads makes sense.
 */
function handOverWhole(socket: Socket): Socket {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let neededBytes = LENGTH_BYTES;
  let writtenAtAnswer = 0;
  let silentChecks = 0;
  const push = socket.push.bind(socket);
  // Node calls this with what arrived, and with null at the end.
  socket.push = (chunk: unknown): boolean => {
    if (!Buffer.isBuffer(chunk)) return push(chunk);
    writtenAtAnswer = socket.bytesWritten;
    silentChecks = 0;
    held.push(chunk);
    heldBytes += chunk.length;
    if (heldBytes < neededBytes) return true;
    const bytes = held.length === 1 ? chunk : Buffer.concat(held);
    const end = endOfWhole(bytes);
    const rest = bytes.subarray(end);
    held = [rest];
    heldBytes = rest.length;
    neededBytes = LENGTH_BYTES + (rest.length < LENGTH_BYTES ? 0 : rest.readInt32BE(0));
    return end === 0 || push(bytes.subarray(0, end));
  };
  // A connection that stands and brings nothing any more is never closed by kafkajs, which would ask it again and again.
  const check = (): void => {
    if (socket.bytesWritten === writtenAtAnswer) return;
    silentChecks += 1;
    if (silentChecks >= MAX_SILENT_CHECKS) socket.destroy(new Error('the broker no longer answers'));
  };
  const timer = setInterval(check, CHECK_INTERVAL_MS).unref();
  socket.once('close', () => clearInterval(timer));
  return socket;
}

/** Where the last whole response in these bytes ends. */
function endOfWhole(bytes: Buffer): number {
  let end = 0;
  while (bytes.length - end >= LENGTH_BYTES) {
    const next = end + LENGTH_BYTES + bytes.readInt32BE(end);
    if (next > bytes.length) break;
    end = next;
  }
  return end;
}

export const brokerSocket: ISocketFactory = ({ host, port, ssl, onConnect }) => {
  const named = isIP(host) === 0 && { servername: host };
  const socket = ssl ? tlsConnect({ host, port, ...named, ...ssl }, onConnect) : tcpConnect({ host, port }, onConnect);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  return handOverWhole(socket);
};
