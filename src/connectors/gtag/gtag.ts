import type { Fields } from '../../events/forms/fields.ts';
import type { Connector, Envelope, Mapped, Reading } from '../connector.ts';
import { amount, eventName, given, listRead } from '../mapping.ts';
import { NUMBERS, OF_ITEM, OWN_OF_ITEM, PARAMETERS, UNCOUNTED } from './names.ts';

/** A parameter of the shop's own: `gtag('config', …, { cartpulse_key })`. */
const KEY = 'ep.cartpulse_key';
/** gtag writes some forty; each is read again for each line of the body. */
const MAX_SHARED = 200;

/** GA4's wire form, as gtag and Tag Manager send it to a `server_container_url`. */
export const gtag: Connector = {
  name: 'gtag',
  endpoints: [
    { method: 'post', path: '/g/collect', summary: 'Send events as gtag and Tag Manager do' },
    { method: 'get', path: '/g/collect', summary: 'Send an event as gtag does by an address alone' },
  ],
  keyOf: ({ query }) => query.get(KEY) ?? undefined,
  keyPlace: '`cartpulse_key` in the tag’s settings',
  isKeyInBody: true,
  read,
  success: undefined,
  isOfPages: true,
  isWithCookies: true,
};

/** A line of the body is an event, with what stands in the address for all of them; without lines that is the event. */
function read({ query, header }: Envelope, text: string): Reading {
  const written = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const lines = written.length === 0 ? [''] : written;
  if (lines.length > 1 && query.size > MAX_SHARED)
    return {
      outcome: 'unreadable',
      message: `The address has more than ${MAX_SHARED} parameters for the events of a body`,
    };
  if (!query.has('en') && !lines.some((line) => /(?:^|&)en=/.test(line)))
    return { outcome: 'unreadable', message: 'Neither the address nor a line of the body names an event (`en`)' };
  const shared = [...query];
  const userAgent = header('user-agent');
  const mappedOf = (line: string): Mapped => eventOf(new Map([...shared, ...new URLSearchParams(line)]), userAgent);
  return listRead(lines, mappedOf, new URLSearchParams(lines[0]).get(KEY) ?? undefined);
}

function eventOf(parameters: ReadonlyMap<string, string>, userAgent: string | undefined): Mapped {
  const fields: Fields = {};
  const params: Fields = {};
  const items: Fields[] = [];
  for (const [parameter, value] of parameters) {
    const field = PARAMETERS.get(parameter);
    const own = /^epn?\.(.+)$/.exec(parameter)?.[1];
    if (field !== undefined) fields[field] = value;
    else if (own !== undefined && parameter !== KEY) params[own] = typed(own, value);
    else if (/^pr\d+$/.test(parameter)) items.push(itemOf(value));
  }
  const name = eventName(fields['name']);
  if (UNCOUNTED.has(name)) return { outcome: 'ignored' };
  const lines = items.length > 0 ? { items } : {};
  return {
    outcome: 'event',
    event: given({ ...fields, name, user_agent: userAgent, ...lines, params: given(params) }),
  };
}

/** `idsku-1~nmMug~pr9.5~qt2~k0item_url~v0/mug`; a tilde within a value is written twice, what is the shop's own has a number. */
function itemOf(text: string): Fields {
  const parts = [...text.matchAll(/(?:[^~]|~~)+/g)].map(([part]) => part.replaceAll('~~', '~'));
  const own = new Map(
    parts.flatMap((part) => (/^k[0-9A-Z]./.test(part) ? [[`v${part.charAt(1)}`, part.slice(2)]] : [])),
  );
  const item: Fields = {};
  for (const part of parts) {
    const field = OF_ITEM.get(part.slice(0, 2)) ?? OWN_OF_ITEM.find((one) => one === own.get(part.slice(0, 2)));
    if (field !== undefined) item[field] = typed(field, part.slice(2));
  }
  return given(item);
}

function typed(field: string, text: string): unknown {
  return NUMBERS.has(field) ? amount(text) : text;
}
