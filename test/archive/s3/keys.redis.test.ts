import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { AwsKeys, fixedKeys, type S3KeySource } from '../../../src/adapters/s3/keys.ts';
import { S3Store } from '../../../src/adapters/s3/s3-store.ts';
import { BUCKET, startS3, type TestS3 } from '../../support/servers/s3-server.ts';
import { unique } from '../../support/system/system.ts';

let s3: TestS3;
let dir: string;
const ends: (() => void)[] = [];

beforeAll(async () => {
  s3 = await startS3();
});
afterAll(() => s3.close());
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'cartpulse-keys-'));
  // Nothing that this machine has is taken for what is tested.
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_PROFILE'])
    vi.stubEnv(name, undefined);
  for (const name of ['AWS_SHARED_CREDENTIALS_FILE', 'AWS_CONFIG_FILE']) vi.stubEnv(name, join(dir, 'none'));
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
});
afterEach(() => {
  s3.proxy.passing = () => 'pass';
  s3.proxy.headersOf = async ({ headers }) => headers;
  vi.unstubAllEnvs();
  for (const end of ends.splice(0)) end();
  rmSync(dir, { recursive: true, force: true });
});

function storeWith(keys: S3KeySource): S3Store {
  const settings = { bucket: BUCKET, endpoint: s3.proxy.endpoint, region: 'us-east-1', keys, pathStyle: true };
  return new S3Store({
    settings: { ...settings, attempts: 2 },
    prefix: `${unique()}/`,
    cacheDir: join(dir, 'cache'),
    cacheBytes: 1_048_576,
  });
}

const rightKeys = (): { accessKey: string; secretKey: string } => ({
  accessKey: s3.environment('')['ARCHIVE_S3_ACCESS_KEY'] ?? '',
  secretKey: s3.secret,
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('a session token goes along with every request, and is signed', async () => {
  const seen = s3.lend();
  await storeWith(fixedKeys({ ...rightKeys(), sessionToken: 'lent-for-an-hour' })).check(true);
  expect([...seen]).toEqual(['lent-for-an-hour']);
});

test('keys of a file that is written anew are taken up without a start: when S3 takes the old ones no longer, and within a minute', async () => {
  const file = join(dir, 'credentials');
  const { accessKey, secretKey } = rightKeys();
  const write = (token: string): void =>
    writeFileSync(
      file,
      `[default]\naws_access_key_id = ${accessKey}\naws_secret_access_key = ${secretKey}\naws_session_token = ${token}\n`,
    );
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', file);
  write('first');
  s3.lend();
  let now = 0;
  const store = storeWith(new AwsKeys(() => now));
  const tokens: unknown[] = [];
  const passOnly = (good: RegExp): void => {
    s3.proxy.passing = (_, __, { headers }) => {
      tokens.push(headers['x-amz-security-token']);
      return good.test(String(headers['x-amz-security-token'])) ? 'pass' : 'keys-ended';
    };
  };
  passOnly(/first/);
  await store.list('', {});
  write('second');
  passOnly(/second/);
  await store.list('', {});
  expect(tokens.splice(0)).toEqual(['first', 'first', 'second']);
  write('third');
  passOnly(/second|third/);
  await store.list('', {});
  now += 60_000;
  await store.list('', {});
  expect(tokens).toEqual(['second', 'third']);
  // While nobody has written others it is said what is wrong.
  passOnly(/fourth/);
  await expect(store.check(false)).rejects.toThrow('the keys for S3 have ended');
});

/** As those who lend keys answer. */
const lent = (token: string): Record<string, string> => ({
  AccessKeyId: rightKeys().accessKey,
  SecretAccessKey: rightKeys().secretKey,
  Token: token,
  Expiration: new Date(Date.now() + 3_600_000).toISOString(),
});

test('a container is lent its keys by whom its environment names (ECS, EKS), asked once for as long as they hold', async () => {
  const asked: IncomingMessage[] = [];
  const url = await serve((request, answer) => {
    asked.push(request);
    answer.setHeader('content-type', 'application/json').end(JSON.stringify(lent('of-the-container')));
  });
  vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', `${url}/keys`);
  vi.stubEnv('AWS_CONTAINER_AUTHORIZATION_TOKEN', 'who-asks');
  const seen = s3.lend();
  await storeWith(new AwsKeys()).check(true);
  expect([...seen]).toEqual(['of-the-container']);
  expect(asked.map(({ url, headers }) => [url, headers.authorization])).toEqual([['/keys', 'who-asks']]);
});

test('a web identity gets its keys for its token (Kubernetes), which is read from its file', async () => {
  const bodies: string[] = [];
  const { AccessKeyId, SecretAccessKey, Expiration } = lent('');
  const sts = await serve(async (request, answer) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    bodies.push(body);
    answer.setHeader('content-type', 'text/xml');
    answer.end(
      `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials>
      <AccessKeyId>${AccessKeyId}</AccessKeyId><SecretAccessKey>${SecretAccessKey}</SecretAccessKey><SessionToken>of-the-role</SessionToken>
      <Expiration>${Expiration}</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`,
    );
  });
  writeFileSync(join(dir, 'token'), 'token-of-the-pod');
  vi.stubEnv('AWS_WEB_IDENTITY_TOKEN_FILE', join(dir, 'token'));
  vi.stubEnv('AWS_ROLE_ARN', 'arn:aws:iam::123456789012:role/archive');
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ENDPOINT_URL_STS', sts);
  const seen = s3.lend();
  await storeWith(new AwsKeys()).check(true);
  expect([...seen]).toEqual(['of-the-role']);
  expect(bodies).toHaveLength(1);
  expect(bodies[0]).toContain('WebIdentityToken=token-of-the-pod');
});

test('where there are none, it is said what to do', async () => {
  await expect(storeWith(new AwsKeys()).check(true)).rejects.toThrow(
    /there are no keys for S3: .*set ARCHIVE_S3_ACCESS_KEY and ARCHIVE_S3_SECRET_KEY/,
  );
});
