import type { ImportJournal, JournaledImport } from '../../../src/imports/import-journal.ts';
import type { ImportReport } from '../../../src/imports/import-report.ts';

/** What was written down of imports, without a server. */
export class MemoryImportJournal implements ImportJournal {
  readonly begun: string[] = [];
  readonly progress: [number, number][] = [];
  readonly ended: (ImportReport | string)[] = [];

  begin(importId: string): Promise<JournaledImport> {
    this.begun.push(importId);
    const end = async (how: ImportReport | string): Promise<void> => void this.ended.push(how);
    return Promise.resolve({
      begins: async () => undefined,
      progress: (rows: number, of: number) => void this.progress.push([rows, of]),
      done: end,
      failed: end,
    });
  }
}
