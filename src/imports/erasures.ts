/** Who is being erased, by digests of their ids. Places count them, so that processes need not agree on the time. */
export interface Erasures {
  note(userId: string): Promise<void>;
  /** Behind the newest one. */
  place(): Promise<string>;
  /** Digests of who was erased behind a place. */
  since(place: string): Promise<ReadonlySet<string>>;
}
