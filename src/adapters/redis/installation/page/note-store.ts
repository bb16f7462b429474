import type { Keyspace } from '../../../../metrics/keyspace.ts';
import { MAX_NOTES, type Note, type NoteStore, noteSchema } from '../../../../notes/note.ts';
import type { RedisClient } from '../../client/connection.ts';

/** Notes by id. */
export class RedisNoteStore implements NoteStore {
  private readonly redis: RedisClient;
  private readonly key: string;

  constructor(redis: RedisClient, keyspace: Keyspace) {
    this.redis = redis;
    this.key = keyspace.installation('notes');
  }

  async all(): Promise<Note[]> {
    const texts = Object.values(await this.redis.hgetall(this.key));
    return texts.map((text) => noteSchema.parse(JSON.parse(text)));
  }

  async put(note: Note): Promise<'kept' | 'full'> {
    const [kept, isKnown] = await Promise.all([this.redis.hlen(this.key), this.redis.hexists(this.key, note.id)]);
    if (kept >= MAX_NOTES && isKnown === 0) return 'full';
    await this.redis.hset(this.key, note.id, JSON.stringify(note));
    return 'kept';
  }

  async remove(id: string): Promise<boolean> {
    return (await this.redis.hdel(this.key, id)) === 1;
  }
}
