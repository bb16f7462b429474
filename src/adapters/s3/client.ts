import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isDeepStrictEqual } from 'node:util';
import { AwsV4Signer } from 'aws4fetch';
import { backoff, jittered, retry } from '../../runtime/retry.ts';
import { errorName, type Listed, listing } from './answers.ts';
import type { S3KeySource, S3Keys } from './keys.ts';
import { answered, isOfKeys, S3Problem, unanswered } from './problems.ts';

export interface S3Settings {
  readonly bucket: string;
  /** `https://s3.eu-central-1.amazonaws.com` */
  readonly endpoint: string;
  readonly region: string;
  readonly keys: S3KeySource;
  /** The bucket stands in the path, not in the host's name. */
  readonly pathStyle: boolean;
  /** Tries of a request, and how long one takes before its bytes are counted; tests take less. */
  readonly attempts?: number;
  readonly timeoutMs?: number;
  /** Objects in an answer of a list. */
  readonly page?: number;
}

/** What a conditional PUT needs of what lies there. */
export type Condition = 'nothing' | { readonly version: string };

interface Asked {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'DELETE';
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** A file on this machine, or a few bytes. */
  readonly body?: { readonly path: string; readonly bytes: number } | Uint8Array;
  /** How much passes, one way or the other. */
  readonly bytes?: number;
}

const ATTEMPTS = 5;
const PAGE = 1_000;
const TIMEOUT_MS = 30_000;
/** At least so many bytes pass in a millisecond: 100 KB/s. */
const SLOWEST = 100;
/** Which PUT it was: one whose answer was lost is known again by it. */
const MARK = 'x-amz-meta-cartpulse-put';
const NOTHING = createHash('sha256').digest('hex');

/** The few requests that the archive makes of S3, each with a time limit, and again where it fails for a while. */
export class S3Client {
  readonly settings: S3Settings;
  private readonly base: URL;
  private readonly ended = new AbortController();
  /** False once the server has said that it knows no conditional PUT. */
  private isConditional = true;

  constructor(settings: S3Settings) {
    this.settings = settings;
    const base = new URL(settings.endpoint);
    if (settings.pathStyle) base.pathname = `${base.pathname.replace(/\/$/, '')}/${settings.bucket}`;
    else base.hostname = `${settings.bucket}.${base.hostname}`;
    this.base = base;
  }

  /** Ends what is under way; nothing is asked any more. */
  giveUp(): void {
    this.ended.abort();
  }

  /** Objects by name, a page of them. @param from the name behind which it begins, or where a page said that the list goes on */
  async list(prefix: string, from: { readonly after: string } | { readonly token: string }): Promise<Listed> {
    const query = {
      'list-type': '2',
      'encoding-type': 'url',
      'max-keys': String(this.settings.page ?? PAGE),
      prefix,
      ...('token' in from ? { 'continuation-token': from.token } : from.after !== '' && { 'start-after': from.after }),
    };
    const response = await this.ask({ method: 'GET', query });
    return listing(await response.text());
  }

  /**
   * Puts a file where nothing lies, or where this version does.
   * @returns undefined where something lay there already, under `nothing`
   * @throws S3Problem of 412 where it is another version
   */
  async put(path: string, key: string, condition: Condition): Promise<string | undefined> {
    const { size: bytes } = await stat(path);
    const mark = randomUUID();
    const headers = { [MARK]: mark, 'x-amz-content-sha256': await digestOf(path) };
    const send = (conditions: Readonly<Record<string, string>>): Promise<Response> =>
      this.ask({ method: 'PUT', key, headers: { ...headers, ...conditions }, body: { path, bytes }, bytes });
    const when: Record<string, string> =
      condition === 'nothing' ? { 'if-none-match': '*' } : { 'if-match': condition.version };
    try {
      const response = await send(this.isConditional ? when : {});
      await response.body?.cancel();
      return versionOf(response);
    } catch (error) {
      if (!(error instanceof S3Problem)) throw error;
      if (error.status === 501 && this.isConditional) {
        this.isConditional = false;
        return this.put(path, key, condition);
      }
      if (error.status !== 412) throw error;
      const there = await this.ask({ method: 'HEAD', key });
      // It is this one, and the answer was lost.
      if (there.headers.get(MARK) === mark) return versionOf(there);
      if (condition === 'nothing') return undefined;
      throw error;
    }
  }

  /** Puts a few bytes, whatever lies there. */
  async putBytes(key: string, body: Uint8Array): Promise<void> {
    const digest = createHash('sha256').update(body).digest('hex');
    const headers = { 'x-amz-content-sha256': digest };
    const response = await this.ask({ method: 'PUT', key, headers, body, bytes: body.length });
    await response.body?.cancel();
  }

  async getText(key: string): Promise<string> {
    const response = await this.ask({ method: 'GET', key });
    return response.text();
  }

  /** Writes an object of this version to a file. @throws S3Problem of 412 or 404 where it is another one, or none */
  async get(key: string, version: string, bytes: number, path: string): Promise<void> {
    await this.again(async () => {
      const response = await this.once({ method: 'GET', key, headers: { 'if-match': version }, bytes });
      if (response.body === null) throw answered(`GET ${key}`, 'NoBody', response.status);
      try {
        await pipeline(Readable.fromWeb(response.body), createWriteStream(path, { mode: 0o600 }));
      } catch (error) {
        throw isOfDisk(error) ? error : unanswered(`GET ${key}`, error);
      }
      const { size } = await stat(path);
      if (size !== bytes) throw new S3Problem(`GET ${key}: ${size} of ${bytes} bytes came`, 'CutOff', undefined, true);
    });
  }

  async remove(key: string): Promise<void> {
    const response = await this.ask({ method: 'DELETE', key });
    await response.body?.cancel();
  }

  private ask(asked: Asked): Promise<Response> {
    return this.again(() => this.once(asked));
  }

  private async again<T>(work: () => Promise<T>): Promise<T> {
    const { signal } = this.ended;
    const done = await retry(async () => ({ value: await work() }), {
      attempts: this.settings.attempts ?? ATTEMPTS,
      waitMs: (failures) => jittered(backoff(failures, { firstMs: 200, longestMs: 5_000 })),
      isWorthIt: (error) => error instanceof S3Problem && error.retryable && !signal.aborted,
      signal,
    });
    if (done === undefined) throw new S3Problem('S3 is not waited for any more', 'GivenUp', undefined, false);
    return done.value;
  }

  private async once(asked: Asked): Promise<Response> {
    const { keys } = this.settings;
    const used = await keys.current();
    try {
      return await this.send(asked, used);
    } catch (error) {
      if (!(error instanceof S3Problem && isOfKeys(error))) throw error;
      const newer = await keys.anew();
      if (isDeepStrictEqual(newer, used)) throw error;
      return this.send(asked, newer);
    }
  }

  private async send({ method, key, query, headers, body, bytes = 0 }: Asked, keys: S3Keys): Promise<Response> {
    const { region, timeoutMs = TIMEOUT_MS } = this.settings;
    const url = this.urlOf(key, query);
    const what = `${method} ${key ?? 'of the list'}`;
    const signer = new AwsV4Signer({
      method,
      url,
      headers: { 'x-amz-content-sha256': NOTHING, ...headers },
      accessKeyId: keys.accessKey,
      secretAccessKey: keys.secretKey,
      ...(keys.sessionToken !== undefined && { sessionToken: keys.sessionToken }),
      region,
      service: 's3',
    });
    const signed = await signer.sign();
    if (body !== undefined) signed.headers.set('content-length', String(bytes));
    const late = AbortSignal.timeout(timeoutMs + Math.ceil(bytes / SLOWEST));
    let response: Response;
    try {
      response = await fetch(signed.url, {
        method,
        headers: signed.headers,
        redirect: 'manual',
        signal: AbortSignal.any([late, this.ended.signal]),
        ...(body instanceof Uint8Array
          ? { body }
          : body && { body: Readable.toWeb(createReadStream(body.path)), duplex: 'half' }),
      });
    } catch (error) {
      throw unanswered(what, error);
    }
    if (response.ok) return response;
    const text = await response.text().catch(() => '');
    throw answered(what, errorName(text), response.status);
  }

  private urlOf(key: string | undefined, query: Readonly<Record<string, string>> = {}): string {
    const path = (key ?? '').split('/').map(encodeURIComponent).join('/');
    const asked = Object.entries(query)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map((pair) => pair.map(encodeURIComponent).join('='));
    return `${this.base.href.replace(/\/$/, '')}/${path}${asked.length > 0 ? `?${asked.join('&')}` : ''}`;
  }
}

const versionOf = ({ headers }: Response): string => headers.get('etag') ?? '';

async function digestOf(path: string): Promise<string> {
  const digest = createHash('sha256');
  for await (const chunk of createReadStream(path)) digest.update(chunk);
  return digest.digest('hex');
}

/** Of the file that is written, not of the server. */
const isOfDisk = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^(ENOSPC|EDQUOT|EACCES|EROFS|ENOENT|EIO)$/.test(String(error.code));
