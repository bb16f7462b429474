import type { StoredBatch } from './stored-batch.ts';

/** A partition that brought at least this share of what it may is behind. */
const BEHIND_SHARE = 1 / 16;

interface TopicRequest {
  readonly topic: string;
  readonly partitions: readonly { readonly partition: number; readonly maxBytes: number }[];
}

interface TopicResponse {
  readonly topicName: string;
  readonly partitions: readonly { readonly partition: number; readonly messages: readonly StoredBatch[] }[];
}

interface FetchOptions {
  readonly topics: readonly TopicRequest[];
}

interface Fetch {
  readonly request: unknown;
  readonly response: { decode(bytes: Buffer): Promise<{ readonly responses: readonly TopicResponse[] }> };
}

/** kafkajs' fetch requests, by version. */
export interface FetchRequests {
  protocol(of: { readonly version: number }): (options: FetchOptions) => Fetch;
}

/**
 * A broker fills its response in the order in which it is asked, and kafkajs always asks in the same: where the first
 * partitions are behind, the last get nothing until these are read to their end. Here those that bring little come first,
 * then those that are behind, in turn.
 */
export class FairOrder {
  /** When a partition that is behind was last read. */
  private readonly turns = new Map<string, number>();
  private turn = 0;

  wrap(requests: FetchRequests): FetchRequests {
    const protocol: FetchRequests['protocol'] = (of) => (options) => {
      const fetch = requests.protocol(of)({ ...options, topics: this.order(options.topics) });
      const decode = async (bytes: Buffer) => {
        const decoded = await fetch.response.decode(bytes);
        this.note(options.topics, decoded.responses);
        return decoded;
      };
      return { ...fetch, response: { ...fetch.response, decode } };
    };
    return { ...requests, protocol };
  }

  order(topics: readonly TopicRequest[]): TopicRequest[] {
    const turnOf = ({ topic, partitions: [one] }: TopicRequest): number =>
      this.turns.get(`${topic}/${one?.partition}`) ?? 0;
    return topics
      .flatMap(({ topic, partitions }) => partitions.map((one) => ({ topic, partitions: [one] })))
      .sort((a, b) => turnOf(a) - turnOf(b));
  }

  note(topics: readonly TopicRequest[], responses: readonly TopicResponse[]): void {
    this.turn += 1;
    for (const { topicName, partitions } of responses) {
      const maxBytes = topics.find(({ topic }) => topic === topicName)?.partitions[0]?.maxBytes ?? 0;
      for (const { partition, messages } of partitions) {
        const bytes = messages.reduce((sum, { byteLength }) => sum + byteLength, 0);
        if (bytes > maxBytes * BEHIND_SHARE) this.turns.set(`${topicName}/${partition}`, this.turn);
        else if (bytes > 0) this.turns.delete(`${topicName}/${partition}`);
      }
    }
  }
}
