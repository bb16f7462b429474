import type { Columns } from '../../fold/columns/columns.ts';
import { NONE } from '../../metrics/sums/dimension-values.ts';
import { DeviceValues } from './device-values.ts';

/** What an event's fields say about the device. */
export class ScannedDevice {
  private readonly columns: Columns;
  private readonly devices: DeviceValues;
  private readonly agents: DeviceValues;
  private readonly place: number;
  private device = NONE;
  private agent = NONE;

  constructor(columns: Columns) {
    const { values, seed } = columns.dictionaries;
    this.columns = columns;
    this.devices = new DeviceValues('device', values, seed);
    this.agents = new DeviceValues('user_agent', values, seed);
    this.place = values.names.indexOf('device');
  }

  clear(): void {
    this.device = NONE;
    this.agent = NONE;
  }

  /** @returns whether it is plainly one */
  noteDevice(bytes: Buffer, from: number, to: number, hash: number): boolean {
    this.device = this.devices.of(bytes, from, to, hash);
    return this.device >= 0;
  }

  noteAgent(bytes: Buffer, from: number, to: number, hash: number): boolean {
    this.agent = this.agents.of(bytes, from, to, hash);
    return this.agent >= 0;
  }

  /** Puts it into the columns' next row: what the event names goes before what its browser says. */
  fill(): void {
    const value = this.device === NONE ? this.agent : this.device;
    if (value !== NONE) this.columns.values[this.place]?.set(this.columns.rows, value);
  }
}
