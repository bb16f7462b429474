import { messageOf } from '../../../runtime/errors.ts';
import { kafkajs } from './kafkajs.ts';

/** What a broker says, or how it closes, where it wants another certificate from this side, or one at all. */
const OWN_CERTIFICATE = /alert (certificate|bad certificate|unknown ca)|alert number (116|42|48|46)|ECONNRESET|EPIPE/i;
const CERTIFICATE = /certificate|altnames|self[- ]signed/i;
const TLS_EXPECTED = /wrong version number|packet length too long|before secure TLS connection|Closed connection/i;

/** What went wrong between here and the brokers, and what to do. */
export function explainKafka(error: unknown, brokers: readonly string[], isTls: boolean): string {
  const said = messageOf(error);
  const where = brokers.join(', ');
  const refusal = refusalOf(error, said, isTls);
  if (refusal !== undefined) return `Kafka at ${where} ${refusal}`;
  return `Kafka does not answer at ${where} (${said}); start it, or set KAFKA_BROKERS to where it is`;
}

/** What it does instead of answering; undefined where it does nothing. */
function refusalOf(error: unknown, said: string, isTls: boolean): string | undefined {
  if (error instanceof kafkajs.KafkaJSSASLAuthenticationError)
    return `refuses user or password (${said}); check KAFKA_USERNAME, KAFKA_PASSWORD and KAFKA_SASL_MECHANISM`;
  if (isUnauthorized(error)) return `gives this user no permission (${said}); let it read, write and make the topics`;
  if (isTls && OWN_CERTIFICATE.test(said))
    return `asks for a certificate of this side's, and that it trusts; set KAFKA_CERT_FILE and KAFKA_KEY_FILE`;
  if (CERTIFICATE.test(said)) return `shows a certificate that is not trusted (${said}); set KAFKA_CA_FILE`;
  if (isTls && TLS_EXPECTED.test(said)) return `does not speak TLS (${said}); set KAFKA_SSL=false, or use its TLS port`;
  if (/Closed connection|ECONNRESET/.test(said))
    return `closes the connection (${said}); if it speaks TLS set KAFKA_SSL=true, if it wants a user KAFKA_SASL_MECHANISM`;
  return undefined;
}

export function isUnauthorized(error: unknown): boolean {
  if (error instanceof kafkajs.KafkaJSAggregateError) return error.errors.some(isUnauthorized);
  return error instanceof kafkajs.KafkaJSProtocolError && /AUTHORIZATION_FAILED$/.test(error.type);
}
