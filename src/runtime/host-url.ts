/** The address of a server on this host; IPv6 stands in brackets. */
export const hostUrl = (host: string, port: number): string =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
