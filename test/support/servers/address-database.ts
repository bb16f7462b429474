import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The smallest database of MaxMind's form (version 2 of its format) that has these addresses. */

interface Known {
  readonly city?: string;
  readonly country?: string;
}

type Value = string | number | readonly Value[] | { readonly [name: string]: Value };

const TYPE = { text: 2, uint16: 5, uint32: 6, map: 7, array: 11 } as const;
const RECORD_BITS = 24;

function head(type: number, size: number): Buffer {
  const sized = size < 29 ? [size] : [29, size - 29];
  const [first = 0, ...more] = sized;
  return Buffer.from(type <= 7 ? [(type << 5) | first, ...more] : [first, type - 7, ...more]);
}

function encoded(value: Value): Buffer {
  if (typeof value === 'string') {
    const bytes = Buffer.from(value);
    return Buffer.concat([head(TYPE.text, bytes.length), bytes]);
  }
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return Buffer.concat([head(TYPE.uint32, 4), bytes]);
  }
  if (Array.isArray(value)) return Buffer.concat([head(TYPE.array, value.length), ...value.map(encoded)]);
  const entries = Object.entries(value);
  return Buffer.concat([
    head(TYPE.map, entries.length),
    ...entries.flatMap(([name, one]) => [encoded(name), encoded(one)]),
  ]);
}

const recordOf = ({ city, country }: Known): Value => ({
  ...(city !== undefined && { city: { names: { en: city, de: `${city} (de)` } } }),
  ...(country !== undefined && { country: { iso_code: country, names: { en: 'a country' } } }),
});

/** The bits of a network of IPv4, as they lie in a tree of IPv6. */
function bitsOf(network: string): number[] {
  const [address = '', length = '32'] = network.split('/');
  const bits = address.split('.').flatMap((part) => [...Number(part).toString(2).padStart(8, '0')].map(Number));
  return [...new Array<number>(96).fill(0), ...bits.slice(0, Number(length))];
}

/** @param networks such as `81.2.69.0/24`, with what is known of each */
export function addressDatabase(networks: Readonly<Record<string, Known>>): { path: string; remove(): void } {
  // A node's two sides: another node, or what is known there (below 0: the place in the data).
  const nodes: [number | undefined, number | undefined][] = [[undefined, undefined]];
  let data = Buffer.alloc(0);
  for (const [network, known] of Object.entries(networks)) {
    const bits = bitsOf(network);
    let at = 0;
    for (const [depth, bit] of bits.entries()) {
      const node = nodes[at];
      if (node === undefined) throw new Error('no such node');
      const side = bit === 0 ? 0 : 1;
      if (depth === bits.length - 1) node[side] = -1 - data.length;
      else at = node[side] ??= nodes.push([undefined, undefined]) - 1;
    }
    data = Buffer.concat([data, encoded(recordOf(known))]);
  }
  const tree = Buffer.alloc((nodes.length * 2 * RECORD_BITS) / 8);
  for (const [i, sides] of nodes.entries())
    for (const [side, to] of sides.entries()) {
      const value = to === undefined ? nodes.length : to < 0 ? nodes.length + 16 + (-1 - to) : to;
      tree.writeUIntBE(value, (i * 2 + side) * 3, 3);
    }
  const metadata = encoded({
    node_count: nodes.length,
    record_size: RECORD_BITS,
    ip_version: 6,
    database_type: 'Test-City',
    languages: ['en'],
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1_700_000_000,
    description: { en: 'of a test' },
  });
  const marker = Buffer.concat([Buffer.from([0xab, 0xcd, 0xef]), Buffer.from('MaxMind.com')]);
  const dir = mkdtempSync(join(tmpdir(), 'cartpulse-addresses-'));
  const path = join(dir, 'test.mmdb');
  writeFileSync(path, Buffer.concat([tree, Buffer.alloc(16), data, marker, metadata]));
  return { path, remove: () => rmSync(dir, { recursive: true, force: true }) };
}
