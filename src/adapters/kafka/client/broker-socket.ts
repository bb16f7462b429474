import { Socket } from 'node:net';
import type { ISocketFactory } from 'kafkajs';

const LENGTH_BYTES = 4;
const KEEP_ALIVE_MS = 60_000;
/**
 * A broker that owes every answer at so many checks in a row is given up; the longest request, a rebalance, has 25 s.
 */
const MAX_SILENT_CHECKS = 3;
const CHECK_INTERVAL_MS = 10_000;

/**
 * A connection to a broker that hands over whole responses only. kafkajs keeps half a response when a connection
 * breaks and puts what the next connection brings behind it: from then on nothing that it reads makes sense.
 */
class BrokerSocket extends Socket {
  private held: Buffer[] = [];
  private heldBytes = 0;
  private neededBytes = LENGTH_BYTES;
  private writtenAtAnswer = 0;
  private silentChecks = 0;

  constructor() {
    super();
    const timer = setInterval(() => this.check(), CHECK_INTERVAL_MS).unref();
    this.once('close', () => clearInterval(timer));
  }

  /** Node calls this with what arrived, and with null at the end. */
  override push(chunk: unknown): boolean {
    if (!Buffer.isBuffer(chunk)) return super.push(chunk);
    this.writtenAtAnswer = this.bytesWritten;
    this.silentChecks = 0;
    this.held.push(chunk);
    this.heldBytes += chunk.length;
    if (this.heldBytes < this.neededBytes) return true;
    const bytes = this.held.length === 1 ? chunk : Buffer.concat(this.held);
    const end = endOfWhole(bytes);
    const rest = bytes.subarray(end);
    this.held = [rest];
    this.heldBytes = rest.length;
    this.neededBytes = LENGTH_BYTES + (rest.length < LENGTH_BYTES ? 0 : rest.readInt32BE(0));
    return end === 0 || super.push(bytes.subarray(0, end));
  }

  /**
   * A connection that stands and brings nothing any more is
   * never closed by kafkajs, which would ask it again and again.
   */
  private check(): void {
    if (this.bytesWritten === this.writtenAtAnswer) return;
    this.silentChecks += 1;
    if (this.silentChecks >= MAX_SILENT_CHECKS) this.destroy(new Error('the broker no longer answers'));
  }
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

export const brokerSocket: ISocketFactory = ({ host, port, onConnect }) => {
  const socket = new BrokerSocket();
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  return socket.connect({ host, port }, onConnect);
};
