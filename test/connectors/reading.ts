import type { Mapped, Reading } from '../../src/connectors/connector.ts';
import { connectors } from '../../src/connectors/index.ts';

interface Sent {
  readonly path?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a connector makes of a request's text. */
export function reading(way: string, text: string, { path = '', query = '', headers = {} }: Sent = {}): Reading {
  const connector = connectors.find(({ name }) => name === way);
  if (connector === undefined) throw new Error(`there is no connector ${way}`);
  return connector.read({ path, query: new URLSearchParams(query), header: (name) => headers[name] }, text);
}

/** All of it, mapped. */
export function mapped(way: string, text: string, sent: Sent = {}): readonly Mapped[] {
  const result = reading(way, text, sent);
  if (result.outcome === 'unreadable') throw new Error(result.message);
  return result.mapped();
}

/** The events of it; `ignored` where something is none. */
export function read(way: string, text: string, sent: Sent = {}): unknown[] {
  return mapped(way, text, sent).map((one) => (one.outcome === 'event' ? one.event : one.outcome));
}
