import { expect, test } from 'vitest';
import { originsOf } from '../../src/dashboard/app/sections/connect/origins.ts';

const BOTH = ['https://shop.example', 'https://www.shop.example'];

test.each([
  ['https://shop.example', BOTH],
  ['shop.example', BOTH],
  ['www.shop.example', BOTH],
  ['Shop.Example/products?page=2', BOTH],
  ['http://shop.example:8080/', ['http://shop.example:8080', 'http://www.shop.example:8080']],
  ['store.brand.co.uk', ['https://store.brand.co.uk', 'https://www.store.brand.co.uk']],
  ['bücher.example', ['https://xn--bcher-kva.example', 'https://www.xn--bcher-kva.example']],
  ['localhost:3001', ['http://localhost:3001']],
  ['https://localhost', ['https://localhost']],
  ['192.168.0.7:8080', ['http://192.168.0.7:8080']],
  ['[::1]:8080', ['http://[::1]:8080']],
])('%s stands for pages with and without www., or for what runs nearby', (address, origins) => {
  expect(originsOf(address)).toEqual(origins);
});

test.each(['shop', 'https://shop', 'shop.', '.example', '12', 'ftp://shop.example', 'my shop', 'me@', '', 'https://'])(
  '“%s” is no address of a shop',
  (address) => {
    expect(originsOf(address)).toEqual([]);
  },
);
