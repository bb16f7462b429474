import type { Keyspace } from '../../../../metrics/keyspace.ts';
import { MAX_NOTES, type Note, type NoteStore, noteSchema } from '../../../../notes/note.ts';
import type { Kept } from '../../../../runtime/kept.ts';
import type { RedisClient } from '../../client/connection.ts';
import { putLimited } from '../put-limited.ts';

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

  put(note: Note): Promise<Kept> {
    return putLimited(this.redis, this.key, note, MAX_NOTES);
  }

  async remove(id: string): Promise<boolean> {
    return (await this.redis.hdel(this.key, id)) === 1;
  }
}
