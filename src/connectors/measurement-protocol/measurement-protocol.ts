import { isObject } from '../../events/forms/fields.ts';
import { parsedJson } from '../../events/json-text.ts';
import { RUNNING_SESSION } from '../../events/running-session.ts';
import type { Connector, Mapped, Reading } from '../connector.ts';
import { eventName, given, idText, listRead, mappedBy, type Row } from '../mapping.ts';

/** What stands beside the events, and goes for each of them; `params` has the names of our own fields. */
const BESIDE: readonly Row[] = [
  ['user_id', 'user_id'],
  ['anonymous_id', 'client_id'],
  ['anonymous_id', 'app_instance_id'],
  ['city', 'user_location', 'city'],
  ['country', 'user_location', 'country_id'],
  ['device', 'device', 'category'],
  ['user_agent', 'user_agent'],
];

/** GA4's Measurement Protocol, as servers and shop systems send it. */
export const measurementProtocol: Connector = {
  name: 'measurement-protocol',
  endpoints: [{ method: 'post', path: '/mp/collect', summary: 'Send events as GA4’s Measurement Protocol does' }],
  keyOf: ({ query }) => query.get('api_secret') ?? undefined,
  keyPlace: 'api_secret=KEY in the address',
  read: (_, text) => read(text),
  success: undefined,
};

function read(text: string): Reading {
  const body = parsedJson(text);
  if (!isObject(body) || !Array.isArray(body['events']))
    return { outcome: 'unreadable', message: 'The body is no JSON object with a list `events`' };
  const { events, timestamp_micros: sharedMicros } = body;
  const beside = mappedBy(BESIDE, body);
  return listRead<unknown>(events, (sent): Mapped => {
    if (!isObject(sent)) return { outcome: 'event', event: { ...beside } };
    const { name, params, timestamp_micros: ownMicros } = sent;
    const timestamp = millisecondsOf(ownMicros ?? sharedMicros);
    const session =
      isObject(params) && idText(params['session_id']) !== undefined ? {} : { session_id: RUNNING_SESSION };
    return { outcome: 'event', event: given({ ...beside, ...session, name: eventName(name), timestamp, params }) };
  });
}

/** Clients write the number as text as well. What is neither stays, to be refused. */
function millisecondsOf(micros: unknown): unknown {
  const isDigits = typeof micros === 'string' && /^\d+$/.test(micros);
  return typeof micros === 'number' || isDigits ? Math.floor(Number(micros) / 1_000) : micros;
}
