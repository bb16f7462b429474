import { lookup as dnsLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { ReasonCode } from '../metrics/query/reason.ts';

/**
 * Webhooks go to public addresses over https, or to this machine;
 * never into a private network, whatever a name resolves to.
 */
export class ForbiddenTarget extends Error {
  readonly code = 'forbidden-target';
  readonly retryable = false;
}

const LOOPBACK_NAMES: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

export function isLoopback({ hostname }: URL): boolean {
  return LOOPBACK_NAMES.has(hostname);
}

/** What may be wrong with a target, in words. */
export const TARGET_FAULTS = {
  'not-a-url': 'is not a URL',
  'has-password': 'must not hold a user or password',
  'on-this-machine': 'is on this machine, which LOOPBACK_WEBHOOKS does not allow',
  'not-http': 'must be http or https',
  'not-https': 'must be https; plain http is for this machine only',
  'private-address': 'must not be a private address',
} as const satisfies Partial<Record<ReasonCode, string>>;

/** @returns what is wrong with a target, or undefined */
export function targetFault(text: string, allowsLoopback = true): keyof typeof TARGET_FAULTS | undefined {
  const url = URL.parse(text);
  if (url === null) return 'not-a-url';
  if (url.username !== '' || url.password !== '') return 'has-password';
  if (isLoopback(url) && !allowsLoopback) return 'on-this-machine';
  if (isLoopback(url)) return ['http:', 'https:'].includes(url.protocol) ? undefined : 'not-http';
  if (url.protocol !== 'https:') return 'not-https';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return isIP(host) !== 0 && !isPublic(host) ? 'private-address' : undefined;
}

/** The same, in words. */
export function targetProblem(text: string, allowsLoopback = true): string | undefined {
  const fault = targetFault(text, allowsLoopback);
  return fault && TARGET_FAULTS[fault];
}

/** All that is given out of IPv6 for the public internet (RFC 4291, 2.4). Elsewhere lie what once stood for IPv4 and what nobody owns yet. */
const GIVEN_OUT = ipaddr.IPv6.parseCIDR('2000::/3');

/** Is it an address of the public internet? An IPv4 address mapped into IPv6 counts as what it is. */
export function isPublic(address: string): boolean {
  // Written with dots the library takes it for a mapped one.
  if (!ipaddr.isValid(address) || /^::\d+\./.test(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv6 && !parsed.match(GIVEN_OUT)) return false;
  return parsed.range() === 'unicast';
}

/** Resolves names when the connection is made, and refuses each address that the target may not have. */
export function guardedLookup(url: URL, resolve: typeof dnsLookup = dnsLookup): LookupFunction {
  const allowed = isLoopback(url)
    ? (address: string) => ipaddr.process(address).range() === 'loopback'
    : (address: string) => isPublic(address);
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      const permitted = addresses.filter(({ address }) => allowed(address));
      const [first] = permitted;
      if (first === undefined) return callback(new ForbiddenTarget(`${hostname} is not a public address`), []);
      if (options.all) return callback(null, permitted);
      return callback(null, first.address, first.family);
    });
  };
}
