import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificates {
  /** Of the authority that has signed the server's certificate. */
  readonly ca: string;
  /** Of another one. */
  readonly otherCa: string;
  readonly cert: string;
  readonly key: string;
  /** Of a client, signed by the first authority, and by the other one. */
  readonly client: { readonly cert: string; readonly key: string };
  readonly stranger: { readonly cert: string; readonly key: string };
  /** Key and certificate in one file. */
  readonly keystore: string;
  remove(): void;
}

/** Certificates for localhost, made for a test. */
export function makeCertificates(): Certificates {
  const dir = mkdtempSync(join(tmpdir(), 'cartpulse-tls-'));
  const at = (name: string): string => join(dir, name);
  const openssl = (...args: string[]): unknown => execFileSync('openssl', args, { cwd: dir, stdio: 'ignore' });
  const subject = (name: string): string[] => ['-subj', `/CN=${name}`, '-days', '2'];
  for (const name of ['ca', 'other'])
    openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.pem`,
      ...subject(name),
    );
  openssl(
    'req',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    'server.key',
    '-out',
    'server.csr',
    '-subj',
    '/CN=localhost',
  );
  writeFileSync(at('names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names', '-days', '2'];
  openssl('x509', '-req', '-in', 'server.csr', '-out', 'server.pem', ...signed);
  for (const [name, ca] of [
    ['client', 'ca'],
    ['stranger', 'other'],
  ] as const) {
    const request = ['-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`];
    openssl('req', '-newkey', 'rsa:2048', '-nodes', ...request);
    const by = ['-CA', `${ca}.pem`, '-CAkey', `${ca}.key`, '-CAcreateserial', '-days', '2'];
    openssl('x509', '-req', '-in', `${name}.csr`, '-out', `${name}.pem`, ...by);
  }
  writeFileSync(at('keystore.pem'), readFileSync(at('server.key'), 'utf8') + readFileSync(at('server.pem'), 'utf8'));
  return {
    ca: at('ca.pem'),
    otherCa: at('other.pem'),
    cert: at('server.pem'),
    key: at('server.key'),
    client: { cert: at('client.pem'), key: at('client.key') },
    stranger: { cert: at('stranger.pem'), key: at('stranger.key') },
    keystore: at('keystore.pem'),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
