import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AddressDatabase } from '../../../src/adapters/maxmind/address-database.ts';
import { addressDatabase } from '../../support/servers/address-database.ts';

const file = addressDatabase({
  '81.2.69.0/24': { city: 'Oslo', country: 'NO' },
  '89.160.20.0/24': { country: 'SE' },
});
let database: AddressDatabase;
beforeAll(async () => {
  database = await AddressDatabase.open(file.path);
});
afterAll(() => file.remove());

test('an address has its city in English and the code of its country, as far as they are known', () => {
  expect(database.locate('81.2.69.142')).toEqual({ city: 'Oslo', country: 'NO' });
  expect(database.locate('::ffff:81.2.69.142')).toEqual({ city: 'Oslo', country: 'NO' });
  expect(database.locate('89.160.20.1')).toEqual({ city: undefined, country: 'SE' });
});

test.each(['81.2.70.1', '2001:db8::1', 'no address', ''])('of %j nothing is known', (address) => {
  expect(database.locate(address)).toBeUndefined();
});

test('a file that is none, or is not there, is refused in a line that says so', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'cartpulse-'));
  const path = join(dir, 'a.mmdb');
  writeFileSync(path, 'no database');
  for (const wrong of [path, join(dir, 'none')])
    await expect(AddressDatabase.open(wrong)).rejects.toThrow(/^GEOIP_DATABASE can't be read: .+\.mmdb/);
  rmSync(dir, { recursive: true });
});
