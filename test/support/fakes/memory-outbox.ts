import type { OutboxStore, RetractedMessages } from '../../../src/ingestion/ports/outbox-store.ts';

/** What waits of one partition, in its order; each text's turn is its place among all that ever waited. */
export class MemoryOutbox implements OutboxStore {
  readonly texts: { readonly text: string; readonly turn: number }[] = [];
  private turns = 0;

  constructor(...texts: readonly string[]) {
    this.add(...texts);
  }

  add(...texts: readonly string[]): void {
    for (const text of texts) {
      this.turns += 1;
      this.texts.push({ text, turn: this.turns });
    }
  }

  async waiting(_of: unknown, most: { readonly messages: number }, upTo = Number.POSITIVE_INFINITY): Promise<string[]> {
    const may = this.texts.filter(({ turn }) => turn <= upTo);
    return may.slice(0, most.messages).map(({ text }) => text);
  }

  async size(): Promise<number> {
    return this.texts.length;
  }

  async remove(_of: unknown, texts: readonly string[]): Promise<void> {
    const left = this.texts.filter(({ text }) => !texts.includes(text));
    this.texts.splice(0, this.texts.length, ...left);
  }
}

export class MemoryRetractions implements RetractedMessages {
  readonly ids = new Set<string>();

  async of(): Promise<ReadonlySet<string>> {
    return new Set(this.ids);
  }

  async remove(_of: unknown, ids: readonly string[]): Promise<void> {
    for (const id of ids) this.ids.delete(id);
  }
}

/** Nothing can show any more that what waits is wrong. */
export const ALL_COUNTED = {
  advance: async () => undefined,
  abandonedUpTo: () => Number.POSITIVE_INFINITY,
  recoveredUpTo: () => Number.POSITIVE_INFINITY,
};
