/** An event that waits to be counted, as the log holds it. */
export interface HeldRecord {
  readonly eventId: string;
  readonly arrivedAtMs: number;
  readonly raw: string;
}
