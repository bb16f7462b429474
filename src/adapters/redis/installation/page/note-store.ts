import type { Keyspace } from '../../../../metrics/keyspace.ts';
import { MAX_NOTES, type Note, type NoteStore, noteSchema } from '../../../../notes/note.ts';
import type { Kept } from '../../../../runtime/kept.ts';
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

  async put(note: Note): Promise<Kept> {
    const isKept = await this.redis.putLimited(this.key, note.id, JSON.stringify(note), MAX_NOTES);
    return isKept === 1 ? 'kept' : 'full';
  }

  async remove(id: string): Promise<boolean> {
    return (await this.redis.hdel(this.key, id)) === 1;
  }
}
