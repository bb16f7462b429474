import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsV4Signer } from 'aws4fetch';
import { freePort } from '../../../docker/free-port.ts';
import { S3_SERVER } from '../../../docker/provision.ts';
import { endWithFile } from '../system/processes.ts';
import { eventually } from '../system/system.ts';
import { type S3Proxy, startS3Proxy } from './s3-proxy.ts';

const ROOT = { access: 'root-access', secret: 'root-secret-of-this-test' };
const READER = { access: 'reader-access', secret: 'reader-secret-of-this-test' };
export const BUCKET = 'shop-archive';

export interface TestS3 {
  /** Between cartpulse and the server. */
  readonly proxy: S3Proxy;
  readonly secret: string;
  /** Settings of an archive under this prefix. */
  environment(prefix: string): Record<string, string>;
  /** The same with a key that may only read. */
  readerEnvironment(prefix: string): Record<string, string>;
  /**
   * Takes the key with session tokens as well, from here on, as Amazon's does and this server does not: the token has to be signed with
   * it. @returns tokens of the requests that came, undefined for one without
   */
  lend(): Set<string | undefined>;
  /** The folder in which the server keeps the objects under a prefix, each as a file. */
  folderOf(prefix: string): string;
  /** The names of all objects under a prefix. */
  names(prefix: string): string[];
  close(): Promise<void>;
}

/** A real S3 server (versitygw on a folder), with a bucket, and a proxy in front of it. */
export async function startS3(): Promise<TestS3> {
  if (!existsSync(S3_SERVER)) throw new Error('no S3 server; run `npm test`, which provides one');
  const dir = mkdtempSync(join(tmpdir(), 'cartpulse-s3-'));
  const [iam, objects, meta] = ['iam', 'objects', 'meta'].map((name) => join(dir, name)) as [string, string, string];
  for (const made of [iam, objects, meta]) mkdirSync(made);
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const root = ['--access', ROOT.access, '--secret', ROOT.secret];
  const server = spawn(
    S3_SERVER,
    [...root, '--port', `127.0.0.1:${port}`, '--iam-dir', iam, '--quiet', 'posix', '--sidecar', meta, objects],
    { stdio: 'ignore' },
  );
  endWithFile(server);
  const isUp = (): Promise<boolean> =>
    ask(endpoint, 'PUT', `/${BUCKET}`).then(
      ({ status }) => status === 200,
      () => false,
    );
  await eventually('the S3 server', isUp);
  const admin = ['admin', ...root, '--endpoint-url', endpoint];
  const user = ['create-user', '--access', READER.access, '--secret', READER.secret, '--role', 'user'];
  execFileSync(S3_SERVER, [...admin, ...user], { stdio: 'ignore' });
  const rights = [
    ['s3:ListBucket', `arn:aws:s3:::${BUCKET}`],
    ['s3:GetObject', `arn:aws:s3:::${BUCKET}/*`],
  ].map(([Action, Resource]) => ({ Effect: 'Allow', Principal: READER.access, Action, Resource }));
  const policy = JSON.stringify({ Version: '2012-10-17', Statement: rights });
  const allowed = await ask(endpoint, 'PUT', `/${BUCKET}?policy=`, policy);
  if (!allowed.ok) throw new Error(`no policy: ${await allowed.text()}`);
  const proxy = await startS3Proxy(port);
  const folderOf = (prefix: string): string => join(objects, BUCKET, prefix);
  const environment = (prefix: string, key = ROOT): Record<string, string> => ({
    ARCHIVE_DIR: `s3://${BUCKET}/${prefix}`,
    ARCHIVE_S3_ENDPOINT: proxy.endpoint,
    ARCHIVE_S3_ACCESS_KEY: key.access,
    ARCHIVE_S3_SECRET_KEY: key.secret,
  });
  return {
    proxy,
    secret: ROOT.secret,
    environment: (prefix) => environment(prefix),
    readerEnvironment: (prefix) => environment(prefix, READER),
    lend: () => lend(proxy),
    folderOf,
    names: (prefix) =>
      existsSync(folderOf(prefix))
        ? readdirSync(folderOf(prefix), { recursive: true, withFileTypes: true })
            .filter((entry) => entry.isFile())
            .map(({ parentPath, name }) => join(parentPath, name))
        : [],
    async close() {
      await proxy.close();
      const ended = once(server, 'exit');
      server.kill('SIGKILL');
      await ended;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function ask(endpoint: string, method: string, path: string, body?: string): Promise<Response> {
  const of = { accessKeyId: ROOT.access, secretAccessKey: ROOT.secret, service: 's3', region: 'us-east-1' };
  const signed = await new AwsV4Signer({ ...of, method, url: `${endpoint}${path}` }).sign();
  return fetch(signed.url, { method, headers: signed.headers, ...(body !== undefined && { body }) });
}

function lend(proxy: S3Proxy): Set<string | undefined> {
  const seen = new Set<string | undefined>();
  proxy.headersOf = async ({ method = '', url = '', headers }) => {
    const token = headers['x-amz-security-token'];
    const { authorization = '', 'x-amz-date': datetime } = headers;
    seen.add(token?.toString());
    if (typeof token !== 'string' || typeof datetime !== 'string') return headers;
    const names = /SignedHeaders=([^,]*)/.exec(authorization)?.[1]?.split(';') ?? [];
    const asked = names.filter((name) => !['host', 'x-amz-date', 'x-amz-security-token'].includes(name));
    const signed = Object.fromEntries(asked.map((name) => [name, String(headers[name])]));
    const of = {
      method,
      url: `${proxy.endpoint}${url}`,
      headers: signed,
      service: 's3',
      region: 'us-east-1',
      datetime,
    };
    const key = { accessKeyId: ROOT.access, secretAccessKey: ROOT.secret };
    const { 'x-amz-security-token': _, ...rest } = headers;
    const expected = await new AwsV4Signer({ ...of, ...key, sessionToken: token }).authHeader();
    const without = await new AwsV4Signer({ ...of, ...key }).authHeader();
    return { ...rest, authorization: expected === authorization ? without : 'wrong' };
  };
  return seen;
}
