const IS_IPV4 = /^\d+(\.\d+){3}$/;
const isLocal = (host: string): boolean => host === 'localhost' || host.endsWith('.localhost');
const isIp = (host: string): boolean => host.startsWith('[') || IS_IPV4.test(host);

/**
 * Pages of which origins an address stands for: as people have it, with the path of a page or without https.
 * A name has two of them, since browsers take www. for another place; none where it is no address.
 */
export function originsOf(address: string): readonly string[] {
  const url = urlOf(address);
  if (url === undefined || !/^https?:$/.test(url.protocol)) return [];
  const { origin, hostname } = url;
  // A number alone, or 1.2, is an address of four numbers for a browser, and nobody means that.
  if (IS_IPV4.test(hostname) && !address.includes(hostname)) return [];
  if (isLocal(hostname) || isIp(hostname)) return [origin];
  if (!/^[^.]+(\.[^.]+)+$/.test(hostname)) return [];
  const bare = origin.replace('//www.', '//');
  return [bare, bare.replace('//', '//www.')];
}

/** Without a protocol it is https, but for what runs nearby. */
function urlOf(address: string): URL | undefined {
  if (/^[a-z]+:\/\//i.test(address)) return URL.canParse(address) ? new URL(address) : undefined;
  if (!URL.canParse(`https://${address}`)) return undefined;
  const { hostname } = new URL(`https://${address}`);
  return new URL(`${isLocal(hostname) || isIp(hostname) ? 'http' : 'https'}://${address}`);
}
