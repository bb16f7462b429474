/** What a shop's hooks have said of an order or a cart, by its name: until it was not reported again for some months. */
export interface ReportedThings {
  known(about: string): Promise<string | undefined>;
  keep(about: string, known: string): Promise<void>;
}
