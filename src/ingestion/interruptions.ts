/** This process does not own the partition any more. */
export class PartitionLost extends Error {
  readonly code = 'partition-lost';
  readonly retryable = true;
}

/** As many messages about carts wait as may; counting goes on when the topics take them. */
export class OutboxFull extends Error {
  readonly code = 'outbox-full';
  readonly retryable = true;

  constructor(partition: string) {
    super(`${partition}: too many messages about carts wait to be published; counting pauses`);
  }
}
