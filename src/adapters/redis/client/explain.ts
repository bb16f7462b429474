import { messageOf } from '../../../runtime/errors.ts';

/** What a server says, or how it closes, where it wants another certificate from this side, or one at all. */
const OWN_CERTIFICATE = /alert (certificate|bad certificate|unknown ca)|alert number (116|42|48|46)|ECONNRESET|EPIPE/i;
const CERTIFICATE = /certificate|altnames|self[- ]signed/i;

/** Where a Redis is, without what only it should know. */
export function withoutPassword(url: string): string {
  return url
    .split(',')
    .map((part) => shown(part.trim()))
    .join(', ');
}

function shown(url: string): string {
  if (url.startsWith('/')) return url;
  const parsed = URL.parse(url);
  // What cannot be read may hold anything.
  return parsed === null || parsed.host === ''
    ? 'a URL that cannot be read'
    : `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
}

/** What went wrong between here and Redis, and what to do. */
export function explainRedis(error: unknown, url: string): string {
  const said = messageOf(error);
  const where = withoutPassword(url);
  const refusal = refusalOf(said, url);
  if (refusal !== undefined) return `Redis at ${where} ${refusal}`;
  return `Redis does not answer at ${where} (${said}); start it, or set REDIS_URL to where it is`;
}

/** What it does instead of answering; undefined where it does nothing. */
function refusalOf(said: string, url: string): string | undefined {
  const isTls = url.startsWith('rediss:');
  if (/WRONGPASS|invalid password|invalid username/i.test(said))
    return 'refuses user or password; set those of REDIS_URL (redis://user:password@host)';
  if (/NOAUTH/.test(said)) return 'wants a password; write it into REDIS_URL (redis://user:password@host)';
  if (/protected mode/i.test(said))
    return 'runs in protected mode, and answers its own machine alone; give it a password, and write it into REDIS_URL';
  if (/NOPERM/.test(said))
    return `gives this user no permission (${said}); let it run all commands on the keys and channels of KEY_PREFIX`;
  if (isTls && OWN_CERTIFICATE.test(said))
    return `asks for a certificate of this side's, and that it trusts; set REDIS_CERT_FILE and REDIS_KEY_FILE`;
  if (CERTIFICATE.test(said)) return `shows a certificate that is not trusted (${said}); set REDIS_CA_FILE`;
  // A Redis without TLS waits for the end of what it takes for a command.
  if (isTls && /wrong version number|packet length too long|before secure TLS|ETIMEDOUT/i.test(said))
    return `does not speak TLS, or does not answer (${said}); write redis:// instead of rediss://, or use its TLS port`;
  if (!isTls && /Connection is closed|ECONNRESET|EPIPE/.test(said))
    return 'closes the connection; if it speaks TLS, write rediss:// instead of redis://';
  return undefined;
}
