/** What a shop's hooks have said of an order or a cart, by its name: until it was not reported again for some months. */
export interface ReportedThings {
  known(about: string): Promise<string | undefined>;
  keep(about: string, known: string): Promise<void>;
  /** Works with what is known of a thing while no other process does. @throws ReportedByOthers */
  alone<T>(about: string, work: () => Promise<T>): Promise<T>;
}

/** Other reports of the same thing take too long. */
export class ReportedByOthers extends Error {
  readonly code = 'reported-by-others';
  readonly retryable = true;

  constructor() {
    super('other reports of the same order or cart are being taken');
  }
}
