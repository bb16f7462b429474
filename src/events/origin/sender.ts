/** What a browser's request says of who sent it, beside its events. */
export interface Sender {
  /** A known bot: what it sends is counted apart. */
  readonly isBot: boolean;
}
