import { deviceOf } from '../../events/origin/device.ts';
import type { DimensionValues } from '../../metrics/sums/dimension-values.ts';
import { NONE } from '../../metrics/sums/dimension-values.ts';
import { Interner } from '../../metrics/sums/interner.ts';

/** Few browsers are most of a shop's; of more than these the schema's way finds out. */
const MOST_TEXTS = 10_000;

/** What devices and browsers come to, told once for each text: most events name one. */
export class DeviceValues {
  private readonly texts: Interner;
  private readonly numbers: number[] = [];
  private readonly field: 'device' | 'user_agent';
  private readonly values: DimensionValues;
  /** Of the dimension; -1 where nothing is counted by it. */
  private readonly place: number;

  constructor(field: 'device' | 'user_agent', values: DimensionValues, seed: number) {
    this.field = field;
    this.values = values;
    this.place = values.names.indexOf('device');
    this.texts = new Interner(seed);
  }

  /** The number of the device's value, or a negative one where there are too many to remember. */
  of(bytes: Uint8Array, from: number, to: number, hash: number): number {
    if (this.place < 0) return NONE;
    if (this.texts.size >= MOST_TEXTS) return -1;
    const text = this.texts.of(bytes, from, to, hash);
    const known = this.numbers[text];
    if (known !== undefined) return known;
    const made = this.values.numberOf(this.place, deviceOf({ [this.field]: this.texts.text(text) }));
    this.numbers[text] = made;
    return made;
  }
}
