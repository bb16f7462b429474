import { erasedName } from '../../../src/fold/erased-name.ts';
import type { Erasures } from '../../../src/imports/erasures.ts';

/** Erasures, in memory. */
export class MemoryErasures implements Erasures {
  private readonly noted: string[] = [];

  note(userId: string): Promise<void> {
    this.noted.push(erasedName(userId));
    return Promise.resolve();
  }

  place(): Promise<string> {
    return Promise.resolve(String(this.noted.length));
  }

  since(place: string): Promise<ReadonlySet<string>> {
    return Promise.resolve(new Set(this.noted.slice(Number(place))));
  }
}
