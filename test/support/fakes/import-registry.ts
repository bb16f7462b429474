import type { HeldImport, ImportClaim, ImportRegistry } from '../../../src/imports/import-registry.ts';
import type { Position } from '../../../src/ingestion/ports/event-log.ts';

interface Known {
  status: 'running' | 'done' | 'failed';
  readonly importId: string;
  owner: number;
  line: number;
  from: ReadonlyMap<string, Position> | undefined;
}

/** Imports by content, without a server; a running one is taken over when `silence` says that its process has died. */
export class MemoryImportRegistry implements ImportRegistry {
  readonly known = new Map<string, Known>();
  /** Lines up to which the log was said to hold everything, in turn. */
  readonly advances: number[] = [];
  private forced = 0;
  private isSilent = false;

  silence(): void {
    this.isSilent = true;
  }

  begin(contentHash: string, importId: string): Promise<ImportClaim> {
    const known = this.known.get(contentHash);
    if (known !== undefined && known.status !== 'failed' && !(known.status === 'running' && this.isSilent))
      return Promise.resolve({ outcome: known.status, importId: known.importId });
    this.isSilent = false;
    const begun = known ?? { status: 'running', importId, owner: 0, line: 0, from: undefined };
    begun.status = 'running';
    begun.owner += 1;
    this.known.set(contentHash, begun);
    return Promise.resolve({ outcome: 'begun', held: this.hold(begun), line: begun.line, from: begun.from });
  }

  numberOf(): Promise<number> {
    return Promise.resolve(0);
  }

  nextForced(): Promise<number> {
    this.forced += 1;
    return Promise.resolve(this.forced);
  }

  private hold(known: Known): HeldImport {
    const { owner } = known;
    const isLost = () => known.owner !== owner;
    return {
      isLost,
      async from(ends) {
        known.from = ends;
      },
      advance: async (line) => {
        known.line = line;
        this.advances.push(line);
      },
      async end(status) {
        if (!isLost()) known.status = status;
      },
    };
  }
}
