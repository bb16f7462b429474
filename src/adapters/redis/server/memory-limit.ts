import { totalmem } from 'node:os';

/** How much memory a server may use: so many bytes, or a share of what there is. */
export type MemoryLimit = { readonly bytes: number } | { readonly share: number };

/** Of the machine, or of the control group (container) that this process runs in, where that has less. */
export function memoryLimitBytes(limit: MemoryLimit, thereIs: number = availableBytes()): number {
  return 'bytes' in limit ? limit.bytes : Math.floor(limit.share * thereIs);
}

function availableBytes(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}
